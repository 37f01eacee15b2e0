import { join } from 'node:path'
import { kafkaBroker } from './kafka-broker.ts'
import { mongod, mongodUri } from './mongod.ts'
import { LOOPBACK } from './ports.ts'
import type { Session } from './session.ts'
import { supervise, type Supervised, type SupervisedOptions } from './supervised.ts'
import { together } from './together.ts'

export interface InfraOptions extends SupervisedOptions {
  /** Data in `<dir>/kafka` and `<dir>/mongodb`, logs in `<dir>/logs`. */
  readonly dir: string
  readonly ports: { readonly kafka: number; readonly kafkaController: number; readonly mongodb: number }
  readonly verbose?: boolean
}

/** Kafka or MongoDB, ours or somebody else's. */
export interface Backend {
  /** Brokers as `host:port`, or a MongoDB URI. */
  readonly address: string
  /** Undefined where it is not a process of ours. */
  readonly process: Supervised | undefined
  /** Ends it where it was started here. */
  stop(): Promise<void>
}

export interface Infra {
  readonly kafka: Backend
  readonly mongodb: Backend
  close(): Promise<void>
}

/** Starts what the environment does not already name; a failed start leaves nothing running. */
export async function startInfra(options: InfraOptions, session: Session): Promise<Infra> {
  const started: Backend[] = []
  const kept = (start: typeof startKafka) => async (inner: Session) => {
    const backend = await start(options, inner)
    started.push(backend)
    return backend
  }
  try {
    const [kafka, mongodb] = await together(session, start =>
      Promise.all([start(kept(startKafka)), start(kept(startMongodb))]),
    )
    const close = async () => {
      await kafka.stop()
      await mongodb.stop()
    }
    return { kafka, mongodb, close }
  } catch (error) {
    await Promise.all(started.map(backend => backend.stop()))
    throw error
  }
}

async function startKafka(options: InfraOptions, session: Session): Promise<Backend> {
  const given = session.environment.kafkaBrokers
  if (given !== undefined) return someoneElses(given)
  const { dir, ports, verbose = false } = options
  const logFile = join(dir, 'logs', 'kafka.log')
  const place = { dataDir: join(dir, 'kafka'), port: ports.kafka, controllerPort: ports.kafkaController }
  const spec = await kafkaBroker({ ...place, logFile, verbose }, session)
  session.progress(`Kafka: starting on port ${ports.kafka}`)
  return ours(`${LOOPBACK}:${ports.kafka}`, await supervise(spec, session, options))
}

async function startMongodb(options: InfraOptions, session: Session): Promise<Backend> {
  const given = session.environment.mongodbUri
  if (given !== undefined) return someoneElses(given)
  const { dir, ports, verbose = false } = options
  const logFile = join(dir, 'logs', 'mongod.log')
  const spec = await mongod({ dataDir: join(dir, 'mongodb'), port: ports.mongodb, logFile, verbose }, session)
  session.progress(`MongoDB: starting on port ${ports.mongodb}`)
  return ours(mongodUri(ports.mongodb), await supervise(spec, session, options))
}

function ours(address: string, process: Supervised): Backend {
  return { address, process, stop: () => process.stop() }
}

function someoneElses(address: string): Backend {
  return { address, process: undefined, stop: async () => {} }
}
