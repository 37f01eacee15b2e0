import { lastOffset } from './open-batches.ts'
import type { Part } from './open-batches.ts'

/** How many records are behind, from what fetches say on the way: no question to Kafka, but old where nothing is fetched. */
export interface LagHint {
  accepted(part: Part): void
  /** After a rebalance other members may have these partitions. */
  forget(): void
  records(): number
}

export function lagHint(): LagHint {
  const behind = new Map<string, number>()
  return {
    accepted(part) {
      const { topic, partition, endOffset } = part.batch
      behind.set(`${topic}/${partition}`, Math.max(0, Number(BigInt(endOffset) - BigInt(lastOffset(part))) - 1))
    },
    forget: () => behind.clear(),
    records: () => [...behind.values()].reduce((sum, records) => sum + records, 0),
  }
}
