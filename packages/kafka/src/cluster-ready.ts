import { setTimeout as delay } from 'node:timers/promises'
import { withAdmin } from './admin.ts'
import type { KafkaClient } from './client.ts'
import { isRefused } from './refusal.ts'

const EVERY_MS = 100

/**
 * Resolves with the number of brokers as soon as the cluster describes itself. Rejects after `limitMs`, with what the
 * last attempt met as cause, or at once with the reason of `signal` or Kafka's refusal: many wrong logins lock an account.
 */
export async function clusterReady(
  client: KafkaClient,
  { limitMs, signal }: { limitMs: number; signal?: AbortSignal },
): Promise<number> {
  const deadline = performance.now() + limitMs
  let cause: unknown
  while (performance.now() < deadline) {
    signal?.throwIfAborted()
    try {
      const brokers = await brokerCount(client)
      if (brokers > 0) return brokers
    } catch (error) {
      if (isRefused(error)) throw error
      cause = error
    }
    await delay(EVERY_MS, undefined, signal === undefined ? {} : { signal })
  }
  throw new Error(`Kafka did not answer within ${Math.round(limitMs / 1_000)} s`, { cause })
}

function brokerCount(client: KafkaClient): Promise<number> {
  const attempt = { connectionTimeoutMs: 1_000, requestTimeoutMs: 5_000, retries: 0 }
  return withAdmin(client, async admin => (await admin.describeCluster()).brokers.length, attempt)
}
