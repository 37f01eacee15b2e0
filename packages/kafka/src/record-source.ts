import { setTimeout as delay } from 'node:timers/promises'
import type { RawRecord, RecordSource } from '@hookline/consumer/loop'
import type { KafkaClient } from './client.ts'
import { consumerSession } from './consumer-session.ts'
import type { Assignment, ConsumerSession, SessionEnd } from './consumer-session.ts'
import { kafkaErrorText } from './error-facts.ts'
import { lagHint } from './lag-hint.ts'
import { kafkaRefusal } from './refusal.ts'
import { slices } from './slices.ts'

const AGAIN_AFTER_MS = 1_000
const UNREADABLE_AGAIN_AFTER_MS = 30_000
/** Wrong logins again and again lock an account in some places. */
const REFUSED_AGAIN_AFTER_MS = 5_000

export interface RecordSourceOptions {
  readonly client: KafkaClient
  readonly groupId: string
  readonly topics: readonly string[]
  /** Records in one slice at most. */
  readonly sliceSize?: number
  /** How long a slice waits to become full. */
  readonly sliceMs?: number
  /** Bytes that one fetch brings at most, from each broker. */
  readonly maxBytes?: number
  /** How long the group waits for a member that is silent before it gives its partitions away. */
  readonly sessionTimeoutMs?: number
  /** How soon added partitions are found. */
  readonly metadataMaxAgeMs?: number
  /** Called at every rebalance, the first join included. */
  readonly onRebalance?: (assignment: Assignment) => void
}

/** For readiness, metrics and a watchdog. Heartbeats say nothing: look at what waits. */
export interface SourceProgress {
  /** In the group, not just rebalancing. */
  readonly joined: boolean
  readonly partitions: number
  /** Since Kafka last answered a fetch, in milliseconds; `undefined` before the first. */
  readonly sinceFetchMs: number | undefined
  /** Since a slice was last accepted, in milliseconds; `undefined` before the first. */
  readonly sinceAcceptMs: number | undefined
  /** How long the oldest record that is fetched has waited to be accepted, in milliseconds; 0 where none waits. */
  readonly waitingMs: number
  /** Records behind the end of the partitions, as of the last fetches. */
  readonly behind: number
  /** What somebody must do before anything goes on; `undefined` normally. */
  readonly blocked: string | undefined
}

export interface KafkaRecordSource extends RecordSource {
  /** Resolves when the group is joined for the first time. */
  readonly ready: Promise<void>
  progress(): SourceProgress
}

/** The source ended for good: the process must end too, so that a new one takes over. */
export class RecordSourceEnded extends Error {
  readonly code = 'record_source_ended'

  constructor(cause: unknown) {
    super(`Kafka's consumer ended for good: ${kafkaRefusal(cause)?.sentence ?? kafkaErrorText(cause)}`, { cause })
    this.name = 'RecordSourceEnded'
  }
}

/**
 * A kafkajs consumer lives only until it crashes; then a new one joins, or the source has ended for good. What is being
 * accepted meanwhile is not disturbed, and the next slice waits for it.
 */
export function recordSource(options: RecordSourceOptions): KafkaRecordSource {
  const { client, groupId, topics, sliceSize = 500, sliceMs = 3 } = options
  const { sessionTimeoutMs = 30_000, metadataMaxAgeMs = 10_000, maxBytes = 10 * 1_024 * 1_024 } = options
  const { log } = client
  const heartbeatMs = Math.min(3_000, Math.floor(sessionTimeoutMs / 5))
  const ready = Promise.withResolvers<void>()
  const closing = new AbortController()
  const behind = lagHint()
  let assignment: Assignment | undefined
  let hasJoined = false
  let fetchedAt: number | undefined
  let acceptedAt: number | undefined
  let blocked: string | undefined
  let session: ConsumerSession | undefined
  let running: Promise<void> | undefined

  const work = slices({
    log,
    sliceSize,
    sliceMs,
    heartbeatMs,
    onAccepted(parts) {
      acceptedAt = performance.now()
      for (const part of parts) behind.accepted(part)
    },
  })

  async function consume(): Promise<void> {
    while (!closing.signal.aborted) {
      session = consumerSession({
        client,
        groupId,
        topics,
        sessionTimeoutMs,
        heartbeatMs,
        metadataMaxAgeMs,
        maxBytes,
        onBatch: batch => work.add(batch),
        onFetch: () => {
          fetchedAt = performance.now()
          blocked = undefined
        },
        onJoin(joined) {
          assignment = joined
          hasJoined = true
          behind.forget()
          log.info({ groupId, assignment: joined }, 'joined the consumer group')
          options.onRebalance?.(joined)
          ready.resolve()
        },
        onLeave: () => {
          assignment = undefined
        },
      })
      await pauseAfter(await session.ended)
    }
  }

  async function pauseAfter(end: SessionEnd): Promise<void> {
    assignment = undefined
    switch (end.kind) {
      case 'closed':
        return
      case 'ended for good':
        throw new RecordSourceEnded(end.cause)
      case 'again':
        log.warn({ groupId, error: kafkaErrorText(end.cause) }, 'the consumer lost Kafka: it joins again')
        return await pause(AGAIN_AFTER_MS)
      case 'refused':
        // a start with wrong credentials is to fail; one that was in is let in again when they are mended
        if (!hasJoined) throw new RecordSourceEnded(end.cause)
        blocked = kafkaRefusal(end.cause)?.sentence ?? 'Kafka refuses this user'
        log.error({ groupId, topics, error: kafkaErrorText(end.cause) }, blocked)
        return await pause(REFUSED_AGAIN_AFTER_MS)
      case 'unreadable':
        blocked = 'a batch is compressed with a codec that is not readable here: skip it, and set compression.type=zstd'
        log.error({ groupId, topics, error: kafkaErrorText(end.cause) }, blocked)
        return await pause(UNREADABLE_AGAIN_AFTER_MS)
    }
  }

  async function pause(ms: number): Promise<void> {
    try {
      await delay(ms, undefined, { signal: closing.signal })
    } catch {
      // closing: there is nothing to wait for
    }
  }

  async function run(accept: (slice: readonly RawRecord[]) => Promise<void>): Promise<void> {
    const accepting = work.run(accept)
    try {
      await consume()
    } finally {
      work.stop()
      await accepting
    }
  }

  return {
    ready: ready.promise,
    run(accept) {
      if (running !== undefined) throw new Error('a record source runs once')
      running = run(accept)
      return running
    },
    async close() {
      closing.abort()
      work.stop()
      session?.close()
      await running?.catch(() => undefined)
    },
    progress: () => ({
      joined: assignment !== undefined,
      partitions: assignment?.reduce((count, { partitions }) => count + partitions.length, 0) ?? 0,
      sinceFetchMs: since(fetchedAt),
      sinceAcceptMs: since(acceptedAt),
      waitingMs: work.waitingMs(),
      behind: behind.records(),
      blocked,
    }),
  }
}

function since(time: number | undefined): number | undefined {
  return time === undefined ? undefined : performance.now() - time
}
