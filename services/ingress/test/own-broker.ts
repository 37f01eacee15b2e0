import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { applyTopics } from '@hookline/kafka'
import { localEnvironment } from '../../../packages/local/src/environment.ts'
import { kafkaBroker } from '../../../packages/local/src/kafka-broker.ts'
import { localKafkaClient } from '../../../packages/local/src/kafka-client.ts'
import { freePort, LOOPBACK } from '../../../packages/local/src/ports.ts'
import { startReaper } from '../../../packages/local/src/reaper.ts'
import { supervise } from '../../../packages/local/src/supervised.ts'
import { topicsOf } from './ingress-process.ts'

/** A broker that a test may stop and kill: one that ends is started again, a second later, with its data. */
export async function ownBroker() {
  const dir = await mkdtemp(join(tmpdir(), 'hookline-broker-'))
  const reaper = startReaper()
  reaper.removeAtEnd(dir)
  const { signal } = new AbortController()
  const session = { environment: localEnvironment(), reaper, signal, progress: () => {} }
  const port = await freePort()
  const place = { dataDir: join(dir, 'kafka'), port, controllerPort: await freePort(), logFile: join(dir, 'kafka.log') }
  const address = `${LOOPBACK}:${port}`
  try {
    const broker = await supervise(await kafkaBroker(place, session), session, { restart: true })
    return {
      address,
      kill: (how: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT') => broker.kill(how),
      /** The ingress's topics as they must be, but for `config`. */
      makeTopics: (config: Record<string, string> = {}) => applyTopics(localKafkaClient(address), topicsOf(config)),
      async close() {
        broker.kill('SIGCONT')
        await broker.stop()
        await reaper.close()
      },
    }
  } catch (error) {
    await reaper.close()
    throw error
  }
}
