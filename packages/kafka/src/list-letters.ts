import { randomUUID } from 'node:crypto'
import type { Consumer, EachBatchPayload, IHeaders, KafkaMessage } from 'kafkajs'
import { withAdmin } from './admin.ts'
import type { KafkaClient, Patience } from './client.ts'
import { registerCodecs } from './codecs.ts'

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

const PATIENCE: Patience = {
  connectionTimeoutMs: 3_000,
  requestTimeoutMs: 10_000,
  retries: 3,
  firstRetryMs: 200,
  maxRetryMs: 1_000,
}
/** The first fetch waits for the group to be formed: three seconds on a broker as it comes. */
const LIMIT_MS = 30_000
const FETCH_WAIT_MS = 200

/**
 * The newest `limit` letters of a topic as `deadLetters` stores them. kafkajs reads only as a group: it has one for itself,
 * commits nothing, and removes it.
 */
export async function listLetters(
  client: KafkaClient,
  topic: string,
  { limit }: { limit: number },
): Promise<ListedLetters> {
  const ends = (await withAdmin(client, admin => admin.fetchTopicOffsets(topic))).map(({ partition, low, high }) => ({
    partition,
    from: BigInt(high) - BigInt(limit) > BigInt(low) ? BigInt(high) - BigInt(limit) : BigInt(low),
    low: BigInt(low),
    end: BigInt(high),
  }))
  const parts = ends.filter(({ from, end }) => from < end)
  const total = ends.reduce((sum, { low, end }) => sum + Number(end - low), 0)
  if (parts.length === 0) return { letters: [], total }
  const letters = await readParts(client, topic, parts)
  return { letters: letters.sort(newestFirst).slice(0, limit), total }
}

function newestFirst(a: ListedLetter, b: ListedLetter): number {
  return b.at - a.at || a.partition - b.partition || Number(BigInt(b.offset) - BigInt(a.offset))
}

interface Part {
  readonly partition: number
  readonly from: bigint
  readonly end: bigint
}

async function readParts(client: KafkaClient, topic: string, parts: readonly Part[]): Promise<ListedLetter[]> {
  registerCodecs()
  const groupId = `hookline-letters-${randomUUID()}`
  const consumer = client.kafkajs(PATIENCE).consumer({ groupId, maxWaitTimeInMs: FETCH_WAIT_MS })
  const left = new Map(parts.map(({ partition, end }) => [partition, end]))
  const letters: ListedLetter[] = []
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  promise.catch(() => undefined) // it may be over before anybody waits for it
  const limit = setTimeout(() => reject(new Error(`${topic} could not be read to its end in time`)), LIMIT_MS)
  consumer.on('consumer.group_join', () => {
    for (const { partition, from } of parts) consumer.seek({ topic, partition, offset: `${from}` })
  })
  consumer.on('consumer.crash', ({ payload }) => {
    if (!payload.restart) reject(payload.error)
  })
  const eachBatch = ({ batch }: EachBatchPayload) => {
    const end = left.get(batch.partition)
    if (end === undefined) return Promise.resolve()
    const here = batch.messages.filter(({ offset }) => BigInt(offset) < end)
    letters.push(...here.map(message => letterOf(batch.partition, message)))
    if (BigInt(batch.lastOffset()) + 1n >= end) left.delete(batch.partition)
    if (left.size === 0) resolve()
    return Promise.resolve()
  }
  try {
    await consumer.connect()
    await consumer.subscribe({ topics: [topic], fromBeginning: true })
    await consumer.run({ autoCommit: false, eachBatch })
    await promise
  } finally {
    clearTimeout(limit)
    await ended(client, consumer, groupId)
  }
  // what was read before a rebalance is read again
  return [...new Map(letters.map(letter => [`${letter.partition} ${letter.offset}`, letter])).values()]
}

/** A group that is left behind does no harm: the broker forgets it. */
async function ended(client: KafkaClient, consumer: Consumer, groupId: string): Promise<void> {
  await consumer.disconnect().catch(() => undefined)
  await withAdmin(client, admin => admin.deleteGroups([groupId])).catch(() => undefined)
}

function letterOf(partition: number, { offset, timestamp, headers = {}, value }: KafkaMessage): ListedLetter {
  return {
    partition,
    offset,
    at: Number(timestamp),
    reason: textOf(headers, 'reason'),
    message: textOf(headers, 'message'),
    sourceTopic: textOf(headers, 'source_topic'),
    sourcePartition: textOf(headers, 'source_partition'),
    sourceOffset: textOf(headers, 'source_offset'),
    bytes: value?.length ?? 0,
  }
}

function textOf(headers: IHeaders, name: string): string {
  const value = headers[name]
  return Array.isArray(value) ? String(value[0] ?? '') : String(value ?? '')
}
