import { appendFile, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { localEnvironment } from '../../../packages/local/src/environment.ts'
import { kafkaBroker, type KafkaBrokerOptions } from '../../../packages/local/src/kafka-broker.ts'
import { freePort, LOOPBACK } from '../../../packages/local/src/ports.ts'
import { startReaper } from '../../../packages/local/src/reaper.ts'
import type { Session } from '../../../packages/local/src/session.ts'
import { supervise, type Supervised } from '../../../packages/local/src/supervised.ts'

export interface OwnBroker {
  readonly address: string
  /** SIGKILL: it is started again, a second later, with its data. */
  kill(how: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void
  /** Another broker of the same cluster, for a second replica; it ends for good with `leave`. */
  join(): Promise<{ readonly leave: () => Promise<void> }>
  close(): Promise<void>
}

/** A Kafka that a test may stop and kill. */
export async function ownBroker(): Promise<OwnBroker> {
  const dir = await mkdtemp(join(tmpdir(), 'hookline-broker-'))
  const reaper = startReaper()
  reaper.removeAtEnd(dir)
  const { signal } = new AbortController()
  const session: Session = { environment: localEnvironment(), reaper, signal, progress: () => {} }
  const place = await placeOf(dir, { node: 1, controllerPort: await freePort() })
  const broker = await started(place, session, { restart: true }).catch(async (error: unknown) => {
    await reaper.close()
    throw error
  })
  const others: Supervised[] = []

  return {
    address: `${LOOPBACK}:${place.port}`,
    kill(how) {
      if (!broker.kill(how)) throw new Error('the broker does not run')
    },
    async join() {
      const other = await joined(await placeOf(dir, { node: 2, controllerPort: place.controllerPort }), place, session)
      others.push(other)
      return { leave: () => other.stop() }
    },
    async close() {
      broker.kill('SIGCONT')
      await Promise.all([broker, ...others].map(one => one.stop()))
      await reaper.close()
    },
  }
}

async function placeOf(
  dir: string,
  { node, controllerPort }: { node: number; controllerPort: number },
): Promise<KafkaBrokerOptions> {
  const name = `kafka-${node}`
  return { dataDir: join(dir, name), port: await freePort(), controllerPort, logFile: join(dir, `${name}.log`) }
}

async function started(place: KafkaBrokerOptions, session: Session, options: { restart: boolean }) {
  return supervise(await kafkaBroker(place, session), session, options)
}

/** What the local stack has no use for: a node that is only a broker, under the first one's controller. */
async function joined(place: KafkaBrokerOptions, first: KafkaBrokerOptions, session: Session): Promise<Supervised> {
  const spec = await kafkaBroker(place, session)
  const meta = ({ dataDir }: KafkaBrokerOptions) => join(dataDir, 'log', 'meta.properties')
  const listener = `PLAINTEXT://${LOOPBACK}:${place.port}`
  // the last of two counts
  await appendFile(
    join(place.dataDir, 'server.properties'),
    `process.roles=broker\nnode.id=2\nlisteners=${listener}\nadvertised.listeners=${listener}\n`,
  )
  const clusterId = /^cluster\.id=.*$/m.exec(await readFile(meta(first), 'utf8'))?.[0] ?? ''
  const own = await readFile(meta(place), 'utf8')
  await writeFile(meta(place), own.replace(/^cluster\.id=.*$/m, clusterId).replace(/^node\.id=.*$/m, 'node.id=2'))
  return supervise(spec, session, { restart: false })
}
