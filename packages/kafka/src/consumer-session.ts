import type { Consumer, EachBatchPayload } from 'kafkajs'
import { retryOf } from './client.ts'
import type { KafkaClient, Patience } from './client.ts'
import { registerCodecs, saysUnreadable } from './codecs.ts'
import type { OpenBatch } from './open-batches.ts'
import { isRefused } from './refusal.ts'

/** How long a fetch waits at the broker when there is nothing: no polling, and the longest that closing waits. */
const FETCH_WAIT_MS = 1_000
/** More than partitions of one instance: slices are formed across all of them. */
const CONCURRENT_PARTITIONS = 128

const PATIENCE: Patience = {
  connectionTimeoutMs: 3_000,
  requestTimeoutMs: 10_000,
  retries: 5,
  firstRetryMs: 200,
  // kafkajs sends no heartbeat while it waits
  maxRetryMs: 1_000,
}

export type Assignment = readonly { readonly topic: string; readonly partitions: readonly number[] }[]

export type SessionEnd =
  | { readonly kind: 'closed' }
  /** Kafka was lost; a new session may do better. */
  | { readonly kind: 'again'; readonly cause: unknown }
  /** Kafka does not let this user in, or not at the group or a topic: nothing changes until somebody has changed it. */
  | { readonly kind: 'refused'; readonly cause: unknown }
  /** A batch cannot be read by this process, now or later. */
  | { readonly kind: 'unreadable'; readonly cause: unknown }
  | { readonly kind: 'ended for good'; readonly cause: unknown }

export interface ConsumerSessionOptions {
  readonly client: KafkaClient
  readonly groupId: string
  readonly topics: readonly string[]
  readonly sessionTimeoutMs: number
  readonly heartbeatMs: number
  readonly metadataMaxAgeMs: number
  readonly maxBytes: number
  readonly onBatch: (batch: OpenBatch) => void
  readonly onFetch: () => void
  readonly onJoin: (assignment: Assignment) => void
  readonly onLeave: () => void
}

export interface ConsumerSession {
  /** Never rejects. */
  readonly ended: Promise<SessionEnd>
  /** Leaves the group once every open batch has ended; `ended` tells when. */
  close(): void
}

/** One kafkajs consumer from its connection to its end. It never restarts itself: a new session starts clean. */
export function consumerSession(options: ConsumerSessionOptions): ConsumerSession {
  const { client, groupId } = options
  registerCodecs()
  const end = Promise.withResolvers<SessionEnd>()
  let retriable = false
  let closing = false

  const consumer = client.kafkajs(PATIENCE).consumer({
    groupId,
    allowAutoTopicCreation: false,
    sessionTimeout: options.sessionTimeoutMs,
    rebalanceTimeout: Math.max(options.sessionTimeoutMs, 30_000),
    heartbeatInterval: options.heartbeatMs,
    metadataMaxAge: options.metadataMaxAgeMs,
    maxBytes: options.maxBytes,
    maxWaitTimeInMs: FETCH_WAIT_MS,
    retry: {
      ...retryOf(PATIENCE),
      restartOnFailure: () => {
        // kafkajs asks only where it would restart
        retriable = true
        return Promise.resolve(false)
      },
    },
  })
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => options.onJoin(assignmentOf(payload.memberAssignment)))
  consumer.on(consumer.events.REBALANCING, () => options.onLeave())
  consumer.on(consumer.events.FETCH, () => options.onFetch())
  // comes after kafkajs has disconnected
  consumer.on(consumer.events.CRASH, ({ payload }) => end.resolve(crashOf(payload.error, retriable)))

  async function start(): Promise<void> {
    try {
      await consumer.connect()
      // from the beginning: otherwise records of added partitions, and after an offset was lost, are skipped
      await consumer.subscribe({ topics: [...options.topics], fromBeginning: true })
      await consumer.run({
        // all commits are ours: kafkajs's own also commit partitions that are not ours any more
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: CONCURRENT_PARTITIONS,
        eachBatch: payload => handle(payload, options.onBatch),
      })
    } catch (cause) {
      await disconnect(consumer)
      end.resolve(startFailure(cause))
    }
  }

  // kafkajs cannot be stopped while it joins: it would go on with a group that is gone
  const started = start()

  async function close(): Promise<void> {
    await started
    await disconnect(consumer)
    end.resolve({ kind: 'closed' })
  }

  return {
    ended: end.promise,
    close() {
      if (closing) return
      closing = true
      void close()
    },
  }
}

/** Ours until `end`. */
function handle(payload: EachBatchPayload, onBatch: (batch: OpenBatch) => void): Promise<void> {
  const { topic, partition, messages, highWatermark } = payload.batch
  return new Promise((resolve, reject) => {
    const batch: OpenBatch = {
      topic,
      partition,
      records: messages.map(({ offset, key, value }) => ({ topic, partition, offset, key, value })),
      arrivedAt: performance.now(),
      endOffset: highWatermark,
      taken: 0,
      over: false,
      resolveOffset: offset => payload.resolveOffset(offset),
      commit: offsets => payload.commitOffsetsIfNecessary(offsets),
      heartbeat: () => payload.heartbeat(),
      end(error) {
        batch.over = true
        if (error === undefined) resolve()
        else reject(harmless(error))
      },
    }
    onBatch(batch)
  })
}

/** kafkajs ends a consumer for good on a TypeError and its like, its own included; of another error it tries again. */
function harmless(error: unknown): Error {
  const own = error instanceof Error && error.name.startsWith('KafkaJS')
  return own ? error : new Error('a heartbeat failed', { cause: error })
}

function assignmentOf(assignment: Record<string, number[]>): Assignment {
  return Object.entries(assignment).map(([topic, partitions]) => ({ topic, partitions }))
}

function crashOf(cause: Error, retriable: boolean): SessionEnd {
  if (saysUnreadable(cause)) return { kind: 'unreadable', cause }
  if (isRefused(cause)) return { kind: 'refused', cause }
  return { kind: retriable ? 'again' : 'ended for good', cause }
}

/** Before the group is joined nothing is lost by trying again, unless the mistake is ours. */
function startFailure(cause: unknown): SessionEnd {
  if (isRefused(cause)) return { kind: 'refused', cause }
  const ours = !(cause instanceof Error) || !cause.name.startsWith('KafkaJS')
  return { kind: ours ? 'ended for good' : 'again', cause }
}

async function disconnect(consumer: Consumer): Promise<void> {
  try {
    await consumer.disconnect()
  } catch {
    // kafkajs has logged it, and what is left of the connection ends with its time-outs
  }
}
