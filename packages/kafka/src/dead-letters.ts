import type { DeadLetters } from '@hookline/consumer'
import type { Publisher } from './publisher.ts'

export interface DeadLettersOptions {
  readonly publisher: Publisher
  /** `<service>.dead`. Its `max.message.bytes` must be above those of the source topics. */
  readonly topic: string
  readonly timeoutMs?: number
}

/**
 * Key and value as they came, byte for byte; why and from where in the headers `reason`, `message`, `source_topic`,
 * `source_partition` and `source_offset`. `send` rejects with a `PublishError` of the first letter that is not stored.
 */
export function deadLetters({ publisher, topic, timeoutMs = 10_000 }: DeadLettersOptions): DeadLetters {
  return {
    async send(letters) {
      const stored = letters.map(({ record, reason, message }) => {
        const headers = {
          reason,
          message,
          source_topic: record.topic,
          source_partition: String(record.partition),
          source_offset: record.offset,
        }
        return publisher.publish(topic, { key: record.key, value: record.value, headers }, { timeoutMs })
      })
      await Promise.all(stored)
    },
  }
}
