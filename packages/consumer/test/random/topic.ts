import type { RawRecord, RecordSource } from '@hookline/consumer/loop'
import { encodeRecord, type WebhookEvent } from '@hookline/contracts'
import type { Machine } from './machine.ts'
import type { Store } from './store.ts'
import type { World } from './world.ts'

/** A topic with one consumer group: what is not committed comes again, to whoever has the partition then. */
export interface Topic {
  publish(event: WebhookEvent): void
  /** Orders go to other partitions from now on; nobody has the new one until a rebalance finds it. */
  grow(): void
  rebalance(machines: readonly Machine[]): void
  /** An operator resets offsets. */
  rewind(): void
  isDrained(): boolean
  source(machine: Machine): RecordSource
}

const PARTITIONS_AT_FIRST = 2
const PARTITIONS_AT_MOST = 5
const POLL_MS = 100

interface Partition {
  records: RawRecord[]
  committed: number
  owner: Machine | undefined
}

export function createTopic(world: World, store: Store): Topic {
  const { random, time, seen } = world
  const partitions = Array.from(
    { length: PARTITIONS_AT_FIRST },
    (): Partition => ({ records: [], committed: 0, owner: undefined }),
  )
  /** By key, where its last record is. */
  const last = new Map<string, { index: number; offset: number }>()

  /** What an order was about when its records began to go elsewhere. */
  function countMoved(order: string, at: { index: number; offset: number }): void {
    const before = last.get(order)
    last.set(order, at)
    if (!before || before.index === at.index) return
    if ((partitions[before.index]?.committed ?? 0) <= before.offset) seen['moved while earlier records wait'] += 1
    const record = store.orders.records().get(order)
    if (record?.lane.some(({ tries, outages }) => tries > 0 || outages)) seen['moved while retried'] += 1
    if (record && record.dead.length > 0) seen['moved while something is dead'] += 1
  }

  async function next(machine: Machine, accept: (slice: readonly RawRecord[]) => Promise<void>): Promise<void> {
    const mine = partitions.filter(({ owner }) => owner === machine)
    const parts = mine.map(partition => ({
      partition,
      from: partition.committed,
      to: Math.min(partition.records.length, partition.committed + 1 + random.below(4)),
    }))
    const slice = parts.flatMap(({ partition, from, to }) => partition.records.slice(from, to))
    if (slice.length === 0) return await machine.back(time.sleep(POLL_MS))
    try {
      await accept(slice)
    } catch {
      return await machine.back(time.sleep(POLL_MS))
    }
    // G: a commit may fail, or come when the partition is somebody else's
    if (world.troubled && random.chance(0.1)) return
    for (const { partition, to } of parts) {
      if (partition.owner === machine || random.chance(0.5)) partition.committed = Math.max(partition.committed, to)
    }
  }

  return {
    publish(event) {
      const { key, value } = encodeRecord(event)
      const index = (key.codePointAt(1) ?? 0) % partitions.length
      const partition = partitions[index] as Partition
      const offset = partition.records.length
      partition.records.push({ topic: 'webhook', partition: index, offset: `${offset}`, key: Buffer.from(key), value })
      countMoved(`${event.source}:${event.order_id}`, { index, offset })
    },
    grow() {
      if (partitions.length === PARTITIONS_AT_MOST) return
      partitions.push({ records: [], committed: 0, owner: undefined })
      seen['partitions added'] += 1
    },
    rebalance(machines) {
      seen.rebalance += 1
      for (const partition of partitions) partition.owner = machines.length > 0 ? random.pick(machines) : undefined
    },
    rewind() {
      seen.rewind += 1
      for (const partition of partitions) partition.committed = random.below(partition.committed + 1)
    },
    isDrained: () => partitions.every(({ records, committed }) => committed === records.length),
    source(machine) {
      let closed = false
      const ended = Promise.withResolvers<void>()
      return {
        async run(accept) {
          while (!closed) await next(machine, accept)
          ended.resolve()
        },
        async close() {
          closed = true
          await ended.promise
        },
      }
    },
  }
}
