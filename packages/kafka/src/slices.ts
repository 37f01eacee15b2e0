import { type RawRecord, reached } from '@hookline/consumer/loop'
import { bell } from './bell.ts'
import { codeOf, kafkaErrorText, placeOf } from './error-facts.ts'
import type { KafkaLog } from './log.ts'
import { countWaiting, lastOffset, offsetsAfter, recordsOf, takeSlice } from './open-batches.ts'
import type { OpenBatch, Part } from './open-batches.ts'

const OFFER_AGAIN_FIRST_MS = 200
const OFFER_AGAIN_MOST_MS = 5_000

export interface SlicesOptions {
  readonly log: KafkaLog
  readonly sliceSize: number
  readonly sliceMs: number
  readonly heartbeatMs: number
  readonly onAccepted: (parts: readonly Part[]) => void
}

/** Between kafkajs's batches, one for each partition, and `accept`, which gets one slice at a time. */
export interface Slices {
  add(batch: OpenBatch): void
  /** Hands out slices until `stop`; never rejects. */
  run(accept: (slice: readonly RawRecord[]) => Promise<void>): Promise<void>
  /** No more slices; what is not accepted goes back to kafkajs unresolved, once the slice in progress is accepted. */
  stop(): void
  /** How long the oldest record has waited that is fetched and not accepted, in milliseconds; 0 where there is none. */
  waitingMs(): number
}

export function slices(options: SlicesOptions): Slices {
  const { log, sliceSize, sliceMs } = options
  const batches = new Set<OpenBatch>()
  const changed = bell()
  const stopping = new AbortController()
  const stopped = () => stopping.signal.aborted
  let heart: NodeJS.Timeout | undefined
  let beating = false

  function endAll(error?: unknown): void {
    for (const batch of batches) batch.end(error)
    batches.clear()
    clearInterval(heart)
    heart = undefined
    changed.ring()
  }

  /** While `accept` is busy, however long, the group must know that we live. A rebalance comes out here. */
  async function beat(): Promise<void> {
    const [batch] = batches
    if (batch === undefined || beating) return
    beating = true
    try {
      await batch.heartbeat()
    } catch (error) {
      // kafkajs rejoins only when every handler has ended; the slice that is being accepted ends by itself
      endAll(error)
    } finally {
      beating = false
    }
  }

  async function nextSlice(): Promise<readonly Part[]> {
    while (!stopped()) {
      const waiting = countWaiting(batches)
      const left = waiting === 0 ? undefined : sliceMs - oldestMs()
      if (waiting >= sliceSize || (left !== undefined && left <= 0)) return takeSlice(batches, sliceSize)
      await changed.wait(left)
    }
    return []
  }

  function oldestMs(): number {
    let arrivedAt = Infinity
    for (const batch of batches) arrivedAt = Math.min(arrivedAt, batch.arrivedAt)
    return Math.max(0, performance.now() - arrivedAt)
  }

  /** Offers the same records until they are accepted; only those that kafkajs has taken back are dropped, it brings them again. */
  async function offer(slice: readonly Part[], accept: (slice: readonly RawRecord[]) => Promise<void>): Promise<void> {
    let waitMs = OFFER_AGAIN_FIRST_MS
    let parts = slice
    while (parts.length > 0) {
      try {
        await accept(recordsOf(parts))
        break
      } catch (error) {
        const fields = { error: codeOf(error), at: placeOf(error), records: recordsOf(parts).length }
        log.error(fields, 'a slice was not accepted: it is offered again')
      }
      const again = performance.now() + waitMs
      while (!stopped() && performance.now() < again) await changed.wait(again - performance.now())
      waitMs = Math.min(waitMs * 2, OFFER_AGAIN_MOST_MS)
      parts = stopped() ? [] : parts.filter(part => !part.batch.over)
    }
    await settle(parts.filter(part => !part.batch.over))
  }

  /** G of the protocol: Kafka is not needed any more for these records. */
  async function settle(parts: readonly Part[]): Promise<void> {
    const [first] = parts
    if (first === undefined) return
    for (const part of parts) resolve(part)
    try {
      await first.batch.commit(offsetsAfter(parts))
      reached('committed')
    } catch (error) {
      // committed with the next slice, or delivered again: the inbox knows them. A rebalance shows at the next heartbeat
      log.warn({ error: kafkaErrorText(error) }, 'offsets were not committed')
    }
    options.onAccepted(parts)
    for (const { batch } of parts) {
      if (batch.taken < batch.records.length || batch.over) continue
      batches.delete(batch)
      batch.end()
    }
    if (batches.size === 0) endAll()
  }

  function resolve(part: Part): void {
    try {
      part.batch.resolveOffset(lastOffset(part))
    } catch (error) {
      // kafkajs throws a TypeError where a rejoin in between took the whole topic away, and would end the consumer on it
      log.debug({ error: codeOf(error), topic: part.batch.topic }, 'an offset could not be resolved')
    }
  }

  return {
    add(batch) {
      if (stopped()) {
        batch.end()
        return
      }
      batches.add(batch)
      heart ??= setInterval(() => void beat(), options.heartbeatMs)
      changed.ring()
    },
    async run(accept) {
      while (!stopped()) await offer(await nextSlice(), accept)
      endAll()
    },
    stop() {
      stopping.abort()
      changed.ring()
    },
    waitingMs: () => (batches.size === 0 ? 0 : oldestMs()),
  }
}
