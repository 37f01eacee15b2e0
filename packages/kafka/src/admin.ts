import type { Admin } from 'kafkajs'
import type { KafkaClient, Patience } from './client.ts'

const PATIENCE: Patience = {
  connectionTimeoutMs: 3_000,
  requestTimeoutMs: 15_000,
  retries: 3,
  firstRetryMs: 200,
  maxRetryMs: 2_000,
}

/** Connects, asks, disconnects. */
export async function withAdmin<T>(
  client: KafkaClient,
  ask: (admin: Admin) => Promise<T>,
  patience: Partial<Patience> = {},
): Promise<T> {
  const admin = client.kafkajs({ ...PATIENCE, ...patience }).admin()
  try {
    await admin.connect()
    return await ask(admin)
  } finally {
    await admin.disconnect()
  }
}
