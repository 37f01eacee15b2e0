import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { freePort, LOOPBACK, REPOSITORY } from '@hookline/local'
import { type Admin, adminOf } from './admin.ts'
import { parseBlocks } from './loop/blocks.ts'
import type { Observed } from './loop/blocks.ts'
import { type MeasuredProcess, startProcess } from './measured-process.ts'
import type { Stage } from './stage.ts'

const WATCH = pathToFileURL(join(import.meta.dirname, 'loop/watch.ts')).href

/** A process of the ingress, as it is in production but for what the bench sets. */
export interface IngressProcess extends MeasuredProcess, Pick<Admin, 'metric'> {
  readonly url: string
}

/** One that also tells what its event loop did, which costs it something. */
export interface WatchedIngress extends IngressProcess {
  /** Since it started. */
  readonly observed: () => Promise<Observed>
}

/** `over`: variables that are not those of production. */
export async function startIngress(stage: Stage, over: Readonly<Record<string, string>>): Promise<IngressProcess> {
  return start(stage, over, [])
}

export async function startWatchedIngress(
  stage: Stage,
  over: Readonly<Record<string, string>>,
): Promise<WatchedIngress> {
  const file = join(stage.dir, 'ingress.loop')
  const ingress = await start(stage, { ...over, HOOKLINE_BENCH_LOOP: file }, [`--import=${WATCH}`])
  return { ...ingress, observed: async () => parseBlocks(await readFile(file, 'utf8')) }
}

async function start(
  stage: Stage,
  over: Readonly<Record<string, string>>,
  nodeArgs: readonly string[],
): Promise<IngressProcess> {
  const [port, adminPort] = [await freePort(), await freePort()]
  const admin = adminOf(adminPort)
  const ingress = await startProcess(stage, {
    name: `ingress-${port}`,
    script: join(REPOSITORY, 'services/ingress/src/main.ts'),
    nodeArgs,
    ours: true,
    env: {
      NODE_ENV: 'production',
      HOOKLINE_ENV: 'development',
      KAFKA_BROKERS: stage.brokers,
      KAFKA_REPLICATION_MIN: '1',
      HOST: LOOPBACK,
      PORT: `${port}`,
      ADMIN_HOST: LOOPBACK,
      ADMIN_PORT: `${adminPort}`,
      ...over,
    },
    ready: admin.ready,
  })
  return { ...ingress, url: `http://${LOOPBACK}:${port}`, metric: admin.metric }
}
