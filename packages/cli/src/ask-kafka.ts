import { clusterReady, kafkaClient, type KafkaClient, type KafkaLog, kafkaRefusal } from '@hookline/kafka'
import { type Config, requireBrokers } from './config.ts'
import { Failure } from './failure.ts'

/** A person waits. */
const READY_LIMIT_MS = 5_000
const SILENT: KafkaLog = { debug() {}, info() {}, warn() {}, error() {} }

/** Asks a Kafka that answers. Every error of it comes as a `Failure`. */
export async function askKafka<T>(config: Config, ask: (client: KafkaClient) => Promise<T>): Promise<T> {
  const brokers = requireBrokers(config)
  const { security } = config
  const client = kafkaClient({ brokers, clientId: 'hookline-cli', log: SILENT, security })
  try {
    // by itself a question would wait for a minute when a broker hangs
    await clusterReady(client, { limitMs: READY_LIMIT_MS })
  } catch (error) {
    const refusal = kafkaRefusal(error)
    const what = refusal === undefined ? `does not answer: ${hint(config)}` : `refuses: ${refusal.sentence}`
    throw new Failure('unavailable', `Kafka at ${brokers.join(', ')} ${what}`, { cause: error })
  }
  try {
    return await ask(client)
  } catch (error) {
    if (error instanceof Failure) throw error
    throw new Failure(
      'unavailable',
      `Kafka at ${brokers.join(', ')} refused: ${kafkaRefusal(error)?.sentence ?? reasonOf(error)}`,
      {
        cause: error,
      },
    )
  }
}

function hint({ stackFile }: Config): string {
  if (stackFile !== undefined) return `${stackFile} names it; is the stack still running? npx -y pnpm@12 start`
  return 'check KAFKA_BROKERS and KAFKA_SECURITY_PROTOCOL, and that this machine may reach it'
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
