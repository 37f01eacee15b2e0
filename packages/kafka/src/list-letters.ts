import type { KafkaClient } from './client.ts'
import { readRecords } from './read-records.ts'
import type { TopicRecord } from './read-records.ts'

/** A record in a dead-letter topic, without its value: that may be personal data. */
export interface ListedLetter {
  readonly partition: number
  readonly offset: string
  /** When it was put there: milliseconds since the epoch, by the broker's clock. */
  readonly at: number
  readonly reason: string
  readonly message: string
  /** Where it was found. */
  readonly sourceTopic: string
  readonly sourcePartition: string
  readonly sourceOffset: string
  /** Of its value. */
  readonly bytes: number
}

export interface ListedLetters {
  /** The newest first. */
  readonly letters: readonly ListedLetter[]
  /** How many the topic has. */
  readonly total: number
}

/** The newest `limit` letters of a topic as `deadLetters` stores them. */
export async function listLetters(
  client: KafkaClient,
  topic: string,
  { limit }: { limit: number },
): Promise<ListedLetters> {
  const letters: ListedLetter[] = []
  const total = await readRecords(client, topic, {
    newest: limit,
    each: record => letters.push(letterOf(record)),
  })
  return { letters: letters.sort(newestFirst).slice(0, limit), total }
}

function newestFirst(a: ListedLetter, b: ListedLetter): number {
  return b.at - a.at || a.partition - b.partition || Number(BigInt(b.offset) - BigInt(a.offset))
}

function letterOf({ partition, offset, at, headers, value }: TopicRecord): ListedLetter {
  const text = (name: string) => headers[name] ?? ''
  return {
    partition,
    offset,
    at,
    reason: text('reason'),
    message: text('message'),
    sourceTopic: text('source_topic'),
    sourcePartition: text('source_partition'),
    sourceOffset: text('source_offset'),
    bytes: value?.length ?? 0,
  }
}
