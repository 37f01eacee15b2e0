import { join } from 'node:path'
import { type KafkaBrokerOptions, kafkaBroker } from './kafka-broker.ts'
import { mongod, mongodUri } from './mongod.ts'
import { LOOPBACK } from './ports.ts'
import type { Session } from './session.ts'
import { supervise, type Supervised } from './supervised.ts'

export interface InfraOptions {
  /** Data in `<dir>/kafka` and `<dir>/mongodb`, logs in `<dir>/logs`. */
  readonly dir: string
  readonly ports: { readonly kafka: number; readonly kafkaController: number; readonly mongodb: number }
  /** Bring the broker and mongod back when they end by themselves. */
  readonly restart: boolean
  readonly onRestarted?: () => void
  readonly verbose?: boolean
}

/** Kafka and MongoDB, ours or somebody else's. */
export interface Infra {
  readonly kafkaBrokers: string
  readonly mongodbUri: string
  /** Undefined where it is not a process of ours. */
  readonly kafka: Supervised | undefined
  readonly mongodb: Supervised | undefined
  /** Ends what was started here, the last first. */
  close(): Promise<void>
}

/** Starts what the environment does not already name; a failed start leaves nothing running. */
export async function startInfra(options: InfraOptions, session: Session): Promise<Infra> {
  const { kafkaBrokers, mongodbUri: givenMongodb } = session.environment
  const started = await Promise.allSettled([
    givenMongodb === undefined ? startMongod(options, session) : undefined,
    kafkaBrokers === undefined ? startBroker(options, session) : undefined,
  ])
  const [mongodb, kafka] = started.map(one => (one.status === 'fulfilled' ? one.value : undefined))
  const close = async () => {
    await kafka?.stop()
    await mongodb?.stop()
  }
  const failed = started.find(one => one.status === 'rejected')
  if (failed !== undefined) {
    await close()
    throw failed.reason
  }
  return {
    kafkaBrokers: kafkaBrokers ?? `${LOOPBACK}:${options.ports.kafka}`,
    mongodbUri: givenMongodb ?? mongodUri(options.ports.mongodb),
    kafka,
    mongodb,
    close,
  }
}

async function startBroker(options: InfraOptions, session: Session): Promise<Supervised> {
  const broker: KafkaBrokerOptions = {
    dataDir: join(options.dir, 'kafka'),
    port: options.ports.kafka,
    controllerPort: options.ports.kafkaController,
    logFile: join(options.dir, 'logs', 'kafka.log'),
    verbose: options.verbose ?? false,
  }
  const spec = await kafkaBroker(broker, session)
  session.progress(`Kafka: starting on port ${broker.port}`)
  return supervise(spec, session, options)
}

async function startMongod(options: InfraOptions, session: Session): Promise<Supervised> {
  const member = {
    dataDir: join(options.dir, 'mongodb'),
    port: options.ports.mongodb,
    logFile: join(options.dir, 'logs', 'mongod.log'),
    verbose: options.verbose ?? false,
  }
  const spec = await mongod(member, session)
  session.progress(`MongoDB: starting on port ${member.port}`)
  return supervise(spec, session, options)
}
