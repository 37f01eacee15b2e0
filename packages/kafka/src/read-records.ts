import { randomUUID } from 'node:crypto'
import type { Consumer, EachBatchPayload, IHeaders, KafkaMessage } from 'kafkajs'
import { withAdmin } from './admin.ts'
import type { KafkaClient, Patience } from './client.ts'
import { registerCodecs } from './codecs.ts'

/** A record of a topic that somebody looks into. */
export interface TopicRecord {
  readonly partition: number
  /** Decimal string of int64. */
  readonly offset: string
  /** When it was put there: milliseconds since the epoch, by the broker's clock. */
  readonly at: number
  readonly value: Buffer | null
  /** As UTF-8; of one that came twice the first. */
  readonly headers: Readonly<Record<string, string>>
}

export interface ReadRecordsOptions {
  /** Of each partition at most so many, the newest. None: all. */
  readonly newest?: number
  /** Called once for each record, those of a partition in their order. Only what it keeps stays in memory. */
  readonly each: (record: TopicRecord) => void
}

const PATIENCE: Patience = {
  connectionTimeoutMs: 3_000,
  requestTimeoutMs: 10_000,
  retries: 3,
  firstRetryMs: 200,
  maxRetryMs: 1_000,
}
/** Without a batch for so long it is given up. The first waits for the group to be formed: three seconds on a broker as it comes. */
const SILENCE_MS = 30_000
const FETCH_WAIT_MS = 200

interface Part {
  /** The next one to be read. */
  next: bigint
  /** Behind the last one that was there at the beginning. */
  readonly end: bigint
}

/**
 * Reads what the topic holds at this moment, and resolves with how many records that is, with those that `newest` leaves
 * out. kafkajs reads only as a group: it has one for itself, commits nothing, and removes it.
 */
export async function readRecords(client: KafkaClient, topic: string, options: ReadRecordsOptions): Promise<number> {
  const { newest, each } = options
  const offsets = await withAdmin(client, admin => admin.fetchTopicOffsets(topic))
  const bounds = offsets.map(({ partition, low, high }) => ({ partition, low: BigInt(low), end: BigInt(high) }))
  const parts = new Map<number, Part>()
  for (const { partition, low, end } of bounds) {
    const from = newest === undefined || end - low < BigInt(newest) ? low : end - BigInt(newest)
    if (from < end) parts.set(partition, { next: from, end })
  }
  if (parts.size > 0) await readParts(client, topic, { parts, each })
  return bounds.reduce((sum, { low, end }) => sum + Number(end - low), 0)
}

async function readParts(
  client: KafkaClient,
  topic: string,
  { parts, each }: { parts: Map<number, Part>; each: ReadRecordsOptions['each'] },
): Promise<void> {
  registerCodecs()
  const groupId = `hookline-reading-${randomUUID()}`
  const consumer = client.kafkajs(PATIENCE).consumer({ groupId, maxWaitTimeInMs: FETCH_WAIT_MS })
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  promise.catch(() => undefined) // it may be over before anybody waits for it
  const silence = setTimeout(() => reject(new Error(`${topic} could not be read to its end in time`)), SILENCE_MS)
  consumer.on('consumer.group_join', () => {
    for (const [partition, { next }] of parts) consumer.seek({ topic, partition, offset: `${next}` })
  })
  consumer.on('consumer.crash', ({ payload }) => {
    if (!payload.restart) reject(payload.error)
  })
  const eachBatch = ({ batch }: EachBatchPayload) => {
    silence.refresh()
    const part = parts.get(batch.partition)
    if (part === undefined) return Promise.resolve()
    try {
      for (const message of batch.messages) {
        const offset = BigInt(message.offset)
        // what was read before a rebalance comes again
        if (offset < part.next || offset >= part.end) continue
        each(recordOf(batch.partition, message))
        part.next = offset + 1n
      }
    } catch (error) {
      // kafkajs would call it again and again
      reject(error)
    }
    if (BigInt(batch.lastOffset()) + 1n >= part.end) parts.delete(batch.partition)
    if (parts.size === 0) resolve()
    return Promise.resolve()
  }
  try {
    await consumer.connect()
    await consumer.subscribe({ topics: [topic], fromBeginning: true })
    await consumer.run({ autoCommit: false, eachBatch })
    await promise
  } finally {
    clearTimeout(silence)
    await ended(client, consumer, groupId)
  }
}

/** A group that is left behind does no harm: the broker forgets it. */
async function ended(client: KafkaClient, consumer: Consumer, groupId: string): Promise<void> {
  await consumer.disconnect().catch(() => undefined)
  await withAdmin(client, admin => admin.deleteGroups([groupId])).catch(() => undefined)
}

function recordOf(partition: number, { offset, timestamp, headers = {}, value }: KafkaMessage): TopicRecord {
  return { partition, offset, at: Number(timestamp), value, headers: textsOf(headers) }
}

function textsOf(headers: IHeaders): Record<string, string> {
  const texts: [string, string][] = []
  for (const [name, value] of Object.entries(headers)) {
    const first = Array.isArray(value) ? value[0] : value
    if (first !== undefined) texts.push([name, String(first)])
  }
  return Object.fromEntries(texts)
}
