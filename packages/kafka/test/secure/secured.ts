import kafkajs from 'kafkajs'
import { vi } from 'vitest'
import { kafkaClient, publisher, readSecurity, recordSource } from '../../src/index.ts'
import type { KafkaClient, KafkaLog, KafkaRecordSource, Publisher, SecurityValues } from '../../src/index.ts'

/** Every log line of every client of a test file, for a look at what they show. */
export function notingLog(): { readonly log: KafkaLog; readonly lines: unknown[] } {
  const lines: unknown[] = []
  const note = (fields: object, message: string) => void lines.push([fields, message])
  return { lines, log: { debug: note, info: note, warn: note, error: note } }
}

/** A client as a service has it, from variables. */
export function clientOf(broker: string, log: KafkaLog, values: SecurityValues): KafkaClient {
  const security = () => readSecurity(values, { production: false })
  return kafkaClient({ brokers: [broker], clientId: 'hookline-test', log, security })
}

export interface Traffic extends AsyncDisposable {
  readonly kafka: Publisher
  readonly source: KafkaRecordSource
  /** Publishes a record; resolves when the source has it, with all that the source has had. */
  roundTrip(value: string): Promise<ReadonlySet<string>>
}

/** A publisher and a source of one client, with the topic's name for the group. `silenceMs` as the publisher has it. */
export function traffic(client: KafkaClient, topic: string, { silenceMs = 20_000 } = {}): Traffic {
  const kafka = publisher({ client, silenceMs })
  const source = recordSource({ client, groupId: topic, topics: [topic], sessionTimeoutMs: 6_000 })
  const seen = new Set<string>()
  const run = source.run(slice => {
    for (const { value } of slice) seen.add(String(value))
    return Promise.resolve()
  })
  run.catch(() => undefined) // `roundTrip` never comes to its end then
  return {
    kafka,
    source,
    async [Symbol.asyncDispose]() {
      await Promise.all([kafka.close(), source.close()])
    },
    async roundTrip(value) {
      const publish = () => kafka.publish(topic, { key: 'order', value: Buffer.from(value) }, { timeoutMs: 20_000 })
      // as a sender does that is answered 503
      await vi.waitFor(publish, { timeout: 40_000, interval: 50 })
      await vi.waitUntil(() => seen.has(value), { timeout: 30_000, interval: 10 })
      return seen
    },
  }
}

/** kafkajs's own admin on a listener where everything is allowed. */
export async function asAdmin<T>(broker: string, ask: (admin: kafkajs.Admin) => Promise<T>): Promise<T> {
  const admin = new kafkajs.Kafka({ brokers: [broker], logLevel: kafkajs.logLevel.NOTHING }).admin()
  await admin.connect()
  try {
    return await ask(admin)
  } finally {
    await admin.disconnect()
  }
}
