import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate } from '@hookline/inbox'
import { freePort, localEnvironment, type Session, startInfra, startReaper } from '@hookline/local'
import type { Declared } from '../declared.ts'
import { serveTargets, type Targets } from '../targets/targets.ts'
import { type Instances, instances } from './instances.ts'
import { type KafkaSide, kafkaSide } from './kafka.ts'
import { type Store, store } from './store.ts'

/** All that a run needs around the service: a Kafka, a MongoDB and targets of its own. */
export interface Stage {
  readonly kafka: KafkaSide
  readonly store: Store
  readonly targets: Targets
  readonly instances: Instances
  /** Logs and what the processes tell; gone at the end. */
  readonly dir: string
  /** Ends every process, the service's first. */
  close(): Promise<void>
}

export interface StageOptions {
  readonly declared: Declared
  readonly verbose: boolean
  readonly signal: AbortSignal
  readonly progress: (line: string) => void
}

/** Starts it; a failed start leaves nothing behind, and a killed suite neither. */
export async function openStage({ declared, verbose, signal, progress }: StageOptions): Promise<Stage> {
  const reaper = startReaper()
  // what the environment names is somebody's: the suite publishes, and sets offsets back
  const environment = { ...localEnvironment(), kafkaBrokers: undefined, mongodbUri: undefined }
  const session: Session = { environment, reaper, signal, progress }
  const closing = new AsyncDisposableStack()
  closing.defer(() => reaper.close())
  try {
    const dir = await mkdtemp(join(tmpdir(), 'hookline-conformance-'))
    reaper.removeAtEnd(dir)
    const targets = closing.adopt(await serveTargets(declared.targets), one => one.close())
    const ports = { kafka: await freePort(), kafkaController: await freePort(), mongodb: await freePort() }
    const infra = closing.adopt(await startInfra({ dir, ports, restart: false, verbose }, session), one => one.close())
    const { name } = declared
    const [kafka] = await Promise.all([kafkaSide(infra.kafka.address, name), migrate(infra.mongodb.address, name)])
    closing.adopt(kafka, one => one.close())
    const events = closing.adopt(store(infra.mongodb.address, name), one => one.close())
    const env = { ...targets.env, KAFKA_BROKERS: infra.kafka.address, MONGODB_URI: infra.mongodb.address }
    const processes = instances({ declared, kafka, session, dir, verbose, env })
    closing.adopt(processes, one => one.close())
    return { kafka, store: events, targets, instances: processes, dir, close: () => closing.disposeAsync() }
  } catch (error) {
    await closing.disposeAsync()
    throw error
  }
}
