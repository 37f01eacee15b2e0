import { withAdmin } from './admin.ts'
import { askUntil } from './ask-until.ts'
import type { KafkaClient } from './client.ts'

/** How far a consumer group is behind in one partition. Offsets are decimal strings of int64. */
export interface PartitionLag {
  readonly topic: string
  readonly partition: number
  /** Where the next record will be written. */
  readonly endOffset: string
  /** Where the group goes on; `null` before its first commit. */
  readonly committed: string | null
  /** Records between; from the first record that is still there where nothing is committed. */
  readonly lag: number
}

/** One entry for each partition of each of `topics`, in order. Rejects where a topic is absent. */
export function lag(client: KafkaClient, groupId: string, topics: readonly string[]): Promise<readonly PartitionLag[]> {
  return withAdmin(client, async admin => {
    // before the ends, so that what is consumed in between cannot make a lag negative
    const committed = await askUntil('the group coordinator', () =>
      admin.fetchOffsets({ groupId, topics: [...topics] }),
    )
    const offsets = new Map(
      committed.flatMap(({ topic, partitions }) => partitions.map(p => [`${topic}/${p.partition}`, p.offset])),
    )
    const lags: PartitionLag[] = []
    for (const topic of topics) {
      const ends = await admin.fetchTopicOffsets(topic)
      for (const { partition, low, high } of ends.sort((a, b) => a.partition - b.partition)) {
        const offset = offsets.get(`${topic}/${partition}`)
        const known = offset === undefined || offset.startsWith('-') ? null : offset
        const from = BigInt(known ?? low) < BigInt(low) ? low : (known ?? low)
        lags.push({ topic, partition, endOffset: high, committed: known, lag: Number(BigInt(high) - BigInt(from)) })
      }
    }
    return lags
  })
}
