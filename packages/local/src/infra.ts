import { join } from 'node:path'
import { type Backend, startBackend } from './backend.ts'
import { kafkaContainer, mongodbContainer } from './containers.ts'
import { kafkaBroker } from './kafka-broker.ts'
import { mongod, mongodUri } from './mongod.ts'
import { LOOPBACK } from './ports.ts'
import type { Session } from './session.ts'
import type { SupervisedOptions } from './supervised.ts'
import { together } from './together.ts'

interface DirOptions extends SupervisedOptions {
  /** Data in `<dir>/kafka` and `<dir>/mongodb`, logs in `<dir>/logs`. */
  readonly dir: string
  readonly verbose?: boolean
}

interface KafkaOptions extends DirOptions {
  readonly ports: { readonly kafka: number; readonly kafkaController: number }
}

interface MongodbOptions extends DirOptions {
  /** As in `MongodOptions`. */
  readonly cacheGb?: number
  readonly ports: { readonly mongodb: number }
}

export interface InfraOptions extends KafkaOptions, MongodbOptions {
  readonly ports: KafkaOptions['ports'] & MongodbOptions['ports']
}

export interface Infra {
  readonly kafka: Backend
  readonly mongodb: Backend
  close(): Promise<void>
}

/** Starts what the environment does not already name; a failed start leaves nothing running. */
export async function startInfra(options: InfraOptions, session: Session): Promise<Infra> {
  const started: Backend[] = []
  const kept = (start: (options: InfraOptions, session: Session) => Promise<Backend>) => async (inner: Session) => {
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

/** Kafka alone. */
export function startKafka(options: KafkaOptions, session: Session): Promise<Backend> {
  const { dir, ports, verbose = false } = options
  const logFile = join(dir, 'logs', 'kafka.log')
  const place = { dataDir: join(dir, 'kafka'), port: ports.kafka, controllerPort: ports.kafkaController }
  const sources = {
    name: 'Kafka',
    given: session.environment.kafkaBrokers,
    embedded: () => kafkaBroker({ ...place, logFile, verbose }, session),
    address: `${LOOPBACK}:${ports.kafka}`,
    container: () => kafkaContainer(ports, session),
  }
  return startBackend(sources, session, options)
}

/** MongoDB alone. */
export function startMongodb(options: MongodbOptions, session: Session): Promise<Backend> {
  const { dir, ports, verbose = false, cacheGb } = options
  const size = cacheGb === undefined ? {} : { cacheGb }
  const place = { dataDir: join(dir, 'mongodb'), port: ports.mongodb, logFile: join(dir, 'logs', 'mongod.log') }
  const sources = {
    name: 'MongoDB',
    given: session.environment.mongodbUri,
    embedded: () => mongod({ ...place, ...size, verbose }, session),
    address: mongodUri(ports.mongodb),
    container: () => mongodbContainer(ports.mongodb, session),
  }
  return startBackend(sources, session, options)
}
