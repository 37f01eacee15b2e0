import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { freePort, LOOPBACK, REPOSITORY, spawnChild, waitFor } from '@hookline/local'
import { parseBlocks } from './loop/blocks.ts'
import type { Observed } from './loop/blocks.ts'
import type { Stage } from './stage.ts'

const READY_LIMIT_MS = 60_000
const CLOSE_GRACE_MS = 15_000
const WATCH = pathToFileURL(join(import.meta.dirname, 'loop/watch.ts')).href

/** A process of the ingress, as it is in production but for what the bench sets. */
export interface IngressProcess {
  readonly url: string
  readonly pid: number
  /** Undefined while it runs. */
  readonly ended: () => string | undefined
  /** The value of one series of its metrics, 0 where it is not there. */
  readonly metric: (series: string) => Promise<number>
  /** What its event loop did since it started. */
  readonly observed: () => Promise<Observed>
}

export async function startIngress(stage: Stage, over: Readonly<Record<string, string>>): Promise<IngressProcess> {
  const { session, brokers, dir } = stage
  const [port, adminPort] = [await freePort(), await freePort()]
  const file = join(dir, `ingress-${port}.loop`)
  const logFile = join(dir, `ingress-${port}.log`)
  const admin = `http://${LOOPBACK}:${adminPort}`
  const child = await spawnChild(
    {
      name: 'ingress',
      command: process.execPath,
      args: ['--conditions=source', `--import=${WATCH}`, join(REPOSITORY, 'services/ingress/src/main.ts')],
      env: {
        ...session.environment.inherited,
        HOOKLINE_ENV: 'development',
        KAFKA_BROKERS: brokers,
        KAFKA_REPLICATION_MIN: '1',
        HOST: LOOPBACK,
        PORT: `${port}`,
        ADMIN_HOST: LOOPBACK,
        ADMIN_PORT: `${adminPort}`,
        HOOKLINE_BENCH_LOOP: file,
        ...over,
      },
      logFile,
    },
    session.reaper,
  )
  stage.onClose(() => child.stop(CLOSE_GRACE_MS))
  let how: string | undefined
  void child.ended.then(ended => (how = ended))

  const get = async (path: string) => {
    const answer = await fetch(`${admin}${path}`, { signal: AbortSignal.timeout(5_000) })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${path} answers ${answer.status}`)
    return text
  }
  const ready = { limitMs: READY_LIMIT_MS, signal: session.signal, giveUp: () => how !== undefined }
  await waitFor('the ingress', () => get('/readyz'), ready).catch(async cause => {
    session.signal.throwIfAborted()
    throw new Error(`the ingress does not start (${how ?? 'it runs'}):\n${await readFile(logFile, 'utf8')}`, { cause })
  })
  return {
    url: `http://${LOOPBACK}:${port}`,
    pid: child.pid,
    ended: () => how,
    async metric(series) {
      const line = (await get('/metrics')).split('\n').find(one => one.startsWith(`${series} `))
      return line === undefined ? 0 : Number(line.slice(series.length + 1))
    },
    observed: async () => parseBlocks(await readFile(file, 'utf8')),
  }
}
