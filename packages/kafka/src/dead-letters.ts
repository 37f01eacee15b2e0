import type { DeadLetters } from '@hookline/consumer/loop'
import { RecordTooLarge } from './publish-errors.ts'
import type { Publisher, PublishRecord } from './publisher.ts'

export interface DeadLettersOptions {
  readonly publisher: Publisher
  /** `<service>.dead`. Its `max.message.bytes` should be above those of the source topics. */
  readonly topic: string
  readonly timeoutMs?: number
}

/**
 * Key and value as they came, byte for byte; why and from where in the headers `reason`, `message`, `source_topic`,
 * `source_partition` and `source_offset`. A value too large for the topic stays where it is, in the source topic, and the
 * letter says `value_omitted`. `send` rejects with a `PublishError` of the first letter that is not stored.
 */
export function deadLetters({ publisher, topic, timeoutMs = 10_000 }: DeadLettersOptions): DeadLetters {
  async function store(letter: PublishRecord): Promise<void> {
    try {
      await publisher.publish(topic, letter, { timeoutMs })
    } catch (error) {
      if (!(error instanceof RecordTooLarge) || letter.value === null) throw error
      // the slice would be offered again for ever, and its partitions would stand still
      await store({ ...letter, value: null, headers: { ...letter.headers, value_omitted: 'true' } })
    }
  }

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
        return store({ key: record.key, value: record.value, headers })
      })
      await Promise.all(stored)
    },
  }
}
