import type { KafkaClient } from './client.ts'
import { PublisherClosed, PublisherFull } from './publish-errors.ts'
import { encodeHeaders } from './record-batch.ts'
import { openSender } from './sender.ts'
import type { Outgoing, Stored } from './sender.ts'
import { topicPublisher } from './topic-publisher.ts'
import type { TopicPublisher } from './topic-publisher.ts'
import type { Waiting } from './waiting.ts'

const SWEEP_EVERY_MS = 100
/** What a record costs besides its key, value and headers. */
const RECORD_OVERHEAD_BYTES = 32

export interface PublisherOptions {
  readonly client: KafkaClient
  /**
   * Requests of one topic on their way at a time. With more than one a key's records may be stored in another order than
   * they were published in; two or four were no faster than one on a local broker.
   */
  readonly maxInFlight?: number
  /** Records in one request. */
  readonly maxBatchCount?: number
  /** Bytes in one request, unless one record alone is larger. Below `max.message.bytes` of the topics. */
  readonly maxBatchBytes?: number
  /** Records whose callers wait, over all topics. */
  readonly maxWaiting?: number
  readonly maxWaitingBytes?: number
  /** Nothing stored for so long although something was asked: Kafka counts as unavailable, and callers are told at once. */
  readonly silenceMs?: number
  /** How soon new partitions and leaders are seen, where no error tells. */
  readonly metadataMaxAgeMs?: number
  /** How long `close` waits for what is on its way. */
  readonly closeLimitMs?: number
}

export interface PublishRecord {
  /** Decides the partition; records without a key go round. */
  readonly key: string | Buffer | null
  readonly value: Buffer | null
  readonly headers?: Readonly<Record<string, string | Buffer>>
}

/** Many callers, few requests; each caller gets its own record's result. Closes with the process. */
export interface Publisher {
  /**
   * Resolves when all in-sync replicas have the record. Rejects with a `PublishError`: its `code` says why, `mayBeStored`
   * whether it may be there all the same. Records of one key keep the order of the calls where nothing fails.
   */
  publish(topic: string, record: PublishRecord, options: { timeoutMs: number }): Promise<Stored>
  /** Connects for these topics before the first record comes. */
  prepare(topics: readonly string[]): void
  /** False while Kafka is known not to store this topic's records: `publish` would reject at once. */
  available(topic: string): boolean
  /** How many partitions this topic's records go to; 0 while nothing is known of it. Added ones are found by themselves. */
  partitions(topic: string): number
  /** Records whose callers wait, and their bytes. */
  load(): { readonly waiting: number; readonly waitingBytes: number }
  /** Refuses new records, waits for those that wait (at most `closeLimitMs`), disconnects. */
  close(): Promise<void>
}

export function publisher(options: PublisherOptions): Publisher {
  const {
    client,
    maxInFlight = 1,
    maxBatchCount = 500,
    maxBatchBytes = 900_000,
    maxWaiting = 10_000,
    maxWaitingBytes = 64 * 1_024 * 1_024,
    silenceMs = 2_500,
    metadataMaxAgeMs = 10_000,
    closeLimitMs = 5_000,
  } = options
  const topics = new Map<string, TopicPublisher>()
  let waiting = 0
  let waitingBytes = 0
  let closing: Promise<void> | undefined
  let drained: (() => void) | undefined
  let sweeper: NodeJS.Timeout | undefined

  function topicOf(topic: string): TopicPublisher {
    let found = topics.get(topic)
    if (found === undefined) {
      const open = () => openSender({ client, topic, requestTimeoutMs: silenceMs + 500, metadataMaxAgeMs })
      const limits = { maxInFlight, maxBatchCount, maxBatchBytes, silenceMs }
      found = topicPublisher({ topic, log: client.log, open, ...limits })
      topics.set(topic, found)
    }
    return found
  }

  function admit(record: Outgoing, bytes: number, timeoutMs: number): { entry: Waiting; result: Promise<Stored> } {
    const { promise: result, resolve, reject } = Promise.withResolvers<Stored>()
    waiting += 1
    waitingBytes += bytes
    sweeper ??= setInterval(sweep, SWEEP_EVERY_MS)
    const settle = (): boolean => {
      if (entry.settled) return false
      entry.settled = true
      waiting -= 1
      waitingBytes -= bytes
      if (waiting === 0) idle()
      return true
    }
    const entry: Waiting = {
      record,
      bytes,
      deadline: performance.now() + timeoutMs,
      sent: false,
      settled: false,
      resolve: stored => settle() && resolve(stored),
      reject: error => settle() && reject(error),
    }
    return { entry, result }
  }

  function idle(): void {
    clearInterval(sweeper)
    sweeper = undefined
    drained?.()
  }

  function sweep(): void {
    const now = performance.now()
    for (const topic of topics.values()) topic.sweep(now)
  }

  async function close(): Promise<void> {
    if (waiting > 0) {
      const { promise, resolve } = Promise.withResolvers<void>()
      drained = resolve
      const limit = setTimeout(resolve, closeLimitMs)
      await promise
      clearTimeout(limit)
    }
    const closed = new PublisherClosed('the publisher closed before Kafka answered', { mayBeStored: true })
    await Promise.all([...topics.values()].map(topic => topic.end(closed)))
  }

  return {
    publish(topic, record, { timeoutMs }) {
      if (closing !== undefined) return Promise.reject(new PublisherClosed('the publisher is closing'))
      const outgoing = outgoingOf(record)
      const bytes = bytesOf(outgoing)
      if (waiting >= maxWaiting || waitingBytes + bytes > maxWaitingBytes) {
        return Promise.reject(new PublisherFull('too many records wait for Kafka already'))
      }
      const target = topicOf(topic)
      if (target.down()) return Promise.reject(target.unavailable())
      const { entry, result } = admit(outgoing, bytes, timeoutMs)
      target.add(entry)
      return result
    },
    prepare(names) {
      for (const name of names) topicOf(name)
    },
    available: topic => closing === undefined && topics.get(topic)?.down() !== true,
    partitions: topic => topics.get(topic)?.partitions() ?? 0,
    load: () => ({ waiting, waitingBytes }),
    close: () => (closing ??= close()),
  }
}

function outgoingOf({ key, value, headers }: PublishRecord): Outgoing {
  const bytes = typeof key === 'string' ? Buffer.from(key) : key
  return headers === undefined ? { key: bytes, value } : { key: bytes, value, headers: encodeHeaders(headers) }
}

function bytesOf({ key, value, headers }: Outgoing): number {
  return RECORD_OVERHEAD_BYTES + (key?.length ?? 0) + (value?.length ?? 0) + (headers?.length ?? 0)
}
