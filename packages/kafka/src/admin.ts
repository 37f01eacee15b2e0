import type { Admin } from 'kafkajs'
import type { KafkaClient, Patience } from './client.ts'
import { kafkaErrorText } from './error-facts.ts'

const PATIENCE: Patience = {
  connectionTimeoutMs: 3_000,
  requestTimeoutMs: 15_000,
  retries: 3,
  firstRetryMs: 200,
  maxRetryMs: 2_000,
}
const LIMIT_MS = 60_000

export interface AdminOptions extends Partial<Patience> {
  /** For everything together: time-outs of kafkajs are per request, and each may be repeated. */
  readonly limitMs?: number
}

/** Connects, asks, disconnects. Rejects after `limitMs`, whatever kafkajs still waits for. */
export async function withAdmin<T>(
  client: KafkaClient,
  ask: (admin: Admin) => Promise<T>,
  { limitMs = LIMIT_MS, ...patience }: AdminOptions = {},
): Promise<T> {
  const admin = client.kafkajs({ ...PATIENCE, ...patience }).admin()
  const disconnected = () =>
    admin.disconnect().catch((error: unknown) => {
      client.log.debug({ error: kafkaErrorText(error) }, 'a connection to Kafka did not close cleanly')
    })
  const { promise: over, reject } = Promise.withResolvers<never>()
  const limit = setTimeout(() => {
    reject(new Error(`Kafka did not answer within ${Math.ceil(limitMs / 1_000)} s`))
    // not waited for: kafkajs waits for its requests before it hangs up
    void disconnected()
  }, limitMs)
  const asked = async () => {
    try {
      await admin.connect()
      return await ask(admin)
    } finally {
      await disconnected()
    }
  }
  try {
    return await Promise.race([over, asked()])
  } finally {
    clearTimeout(limit)
  }
}
