import type { RawRecord } from '@hookline/consumer/loop'

/** What one fetch brought of one partition, while not all of it is accepted. */
export interface OpenBatch {
  readonly topic: string
  readonly partition: number
  readonly records: readonly RawRecord[]
  /** As in `performance.now()`. */
  readonly arrivedAt: number
  /** The partition's end when it was fetched. */
  readonly endOffset: string
  /** How many are handed out in slices. */
  taken: number
  /** kafkajs has it back: its offsets are no longer ours to resolve. */
  over: boolean
  resolveOffset(offset: string): void
  commit(offsets: CommitOffsets): Promise<void>
  heartbeat(): Promise<void>
  /** Gives it back to kafkajs. */
  end(error?: unknown): void
}

export interface CommitOffsets {
  readonly topics: { topic: string; partitions: { partition: number; offset: string }[] }[]
}

/** A part of a slice: `records[from]` to `records[to - 1]` of one batch. */
export interface Part {
  readonly batch: OpenBatch
  readonly from: number
  readonly to: number
}

/**
 * Up to `size` records, the batches sharing it evenly: orders of different partitions go side by side, so a slice of one
 * partition only would leave hands idle.
 */
export function takeSlice(batches: Iterable<OpenBatch>, size: number): readonly Part[] {
  let open = [...batches].filter(hasMore)
  const before = new Map(open.map(batch => [batch, batch.taken]))
  let left = size
  while (left > 0 && open.length > 0) {
    const share = Math.ceil(left / open.length)
    for (const batch of open) {
      const count = Math.min(share, left, batch.records.length - batch.taken)
      batch.taken += count
      left -= count
    }
    open = open.filter(hasMore)
  }
  return [...before].flatMap(([batch, from]) => (batch.taken > from ? [{ batch, from, to: batch.taken }] : []))
}

export function countWaiting(batches: Iterable<OpenBatch>): number {
  let count = 0
  for (const batch of batches) if (!batch.over) count += batch.records.length - batch.taken
  return count
}

export function recordsOf(parts: readonly Part[]): readonly RawRecord[] {
  return parts.flatMap(({ batch, from, to }) => batch.records.slice(from, to))
}

/** The offsets after the last record of each part, as Kafka wants them committed. */
export function offsetsAfter(parts: readonly Part[]): CommitOffsets {
  const topics = Map.groupBy(parts, part => part.batch.topic)
  return {
    topics: [...topics].map(([topic, own]) => ({
      topic,
      partitions: own.map(part => ({ partition: part.batch.partition, offset: String(BigInt(lastOffset(part)) + 1n) })),
    })),
  }
}

export function lastOffset({ batch, to }: Part): string {
  return batch.records[to - 1]?.offset ?? '-1'
}

function hasMore(batch: OpenBatch): boolean {
  return !batch.over && batch.taken < batch.records.length
}
