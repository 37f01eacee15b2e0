import { Kafka, logLevel } from 'kafkajs'
import type { KafkaConfig } from 'kafkajs'
import { credentials } from './credentials.ts'
import { kafkajsLogCreator } from './log.ts'
import type { KafkaLog } from './log.ts'
import type { KafkaSecurity } from './security.ts'
import { LOG_IN_AGAIN_MS } from './token-source.ts'

export interface KafkaClientOptions {
  /** `host:port` of some of the brokers; the others are found through them. */
  readonly brokers: readonly string[]
  /** Shown in the brokers' logs and quotas. */
  readonly clientId: string
  readonly log: KafkaLog
  /** As `readSecurity` gives it; called for each new connection, so that what is in files may change. None: PLAINTEXT. */
  readonly security?: () => KafkaSecurity
}

/** How patient one user of the client is. Nothing here has a default: each user knows what it can wait for. */
export interface Patience {
  readonly connectionTimeoutMs: number
  readonly requestTimeoutMs: number
  /** Retries inside kafkajs, the first after about `firstRetryMs`, each later one after twice as long. */
  readonly retries: number
  readonly firstRetryMs: number
  readonly maxRetryMs: number
}

/** Where a cluster is and who asks. Opens nothing by itself: each publisher, record source and question connects on its own. */
export interface KafkaClient {
  readonly clientId: string
  readonly log: KafkaLog
  /** For this package only. */
  kafkajs(patience: Patience): Kafka
}

/** Throws `SecurityRefused` where the credentials cannot be read. */
export function kafkaClient(options: KafkaClientOptions): KafkaClient {
  const { brokers, clientId, log, security = () => ({}) } = options
  const secured = credentials(security, log)
  const logCreator = kafkajsLogCreator(log)
  let first = Math.floor(Math.random() * brokers.length)
  return {
    clientId,
    log,
    kafkajs: patience =>
      new Kafka({
        // kafkajs begins with the first of the list each time; a dead one there would be asked for ever
        brokers: rotated(brokers, first++),
        clientId,
        logLevel: logLevel.INFO,
        logCreator,
        connectionTimeout: patience.connectionTimeoutMs,
        authenticationTimeout: patience.connectionTimeoutMs,
        requestTimeout: patience.requestTimeoutMs,
        enforceRequestTimeout: true,
        retry: retryOf(patience),
        reauthenticationThreshold: LOG_IN_AGAIN_MS,
        ...secured(),
      }),
  }
}

function rotated(brokers: readonly string[], by: number): string[] {
  const at = by % brokers.length
  return [...brokers.slice(at), ...brokers.slice(0, at)]
}

/** Every field is set: kafkajs has other defaults where NODE_ENV is `test`. */
export function retryOf(patience: Patience): NonNullable<KafkaConfig['retry']> {
  return {
    retries: patience.retries,
    initialRetryTime: patience.firstRetryMs,
    maxRetryTime: patience.maxRetryMs,
    factor: 0.2,
    multiplier: 2,
  }
}
