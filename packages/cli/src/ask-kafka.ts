import { clusterReady, kafkaClient, type KafkaClient, type KafkaLog } from '@hookline/kafka'
import { type Config, requireBrokers } from './config.ts'
import { Failure } from './failure.ts'

/** A person waits. */
const READY_LIMIT_MS = 5_000
const SILENT: KafkaLog = { debug() {}, info() {}, warn() {}, error() {} }

/** Asks a Kafka that answers. Every error of it comes as a `Failure`. */
export async function askKafka<T>(config: Config, ask: (client: KafkaClient) => Promise<T>): Promise<T> {
  const brokers = requireBrokers(config)
  const client = kafkaClient({ brokers, clientId: 'hookline-cli', log: SILENT, ...(config.tls && { ssl: true }) })
  try {
    // by itself a question would wait for a minute when a broker hangs
    await clusterReady(client, { limitMs: READY_LIMIT_MS })
  } catch (error) {
    throw new Failure('unavailable', `Kafka at ${brokers.join(', ')} does not answer: ${hint(config)}`, {
      cause: error,
    })
  }
  try {
    return await ask(client)
  } catch (error) {
    if (error instanceof Failure) throw error
    throw new Failure('unavailable', `Kafka at ${brokers.join(', ')} refused: ${reasonOf(error)}`, { cause: error })
  }
}

function hint({ stackFile, tls }: Config): string {
  if (stackFile !== undefined) return `${stackFile} names it; is the stack still running? npx -y pnpm@12 start`
  const security = tls ? 'KAFKA_SECURITY_PROTOCOL=SSL' : 'KAFKA_SECURITY_PROTOCOL (SSL, where its listener wants TLS)'
  return `check KAFKA_BROKERS and ${security}, and that this machine may reach it`
}

/** kafkajs's own messages name brokers, groups and topics, never keys or values. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError || hasErrors(error)) return [...new Set(error.errors.map(reasonOf))].join('; ')
  if (!(error instanceof Error)) return String(error)
  return 'topic' in error && typeof error.topic === 'string' ? `${error.topic}: ${error.message}` : error.message
}

function hasErrors(error: unknown): error is { errors: readonly unknown[] } {
  return error instanceof Error && 'errors' in error && Array.isArray(error.errors)
}
