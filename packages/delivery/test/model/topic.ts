import type { Store } from './store.ts'
import type { World } from './world.ts'
import type { ModelEvent } from './workload.ts'

const PARTITIONS_AT_MOST = 4

/** Kafka: at least once, in any order; an order's later events may be in another partition than its earlier ones. */
export interface Topic {
  readonly partitions: readonly Partition[]
  /** Sends the next delivery of some order. False: all is sent. */
  produce(): boolean
  grow(): void
  /** Deals the partitions anew among these. */
  rebalance(names: readonly string[]): void
  isDrained(): boolean
}

export interface Partition {
  readonly records: ModelEvent[]
  committed: number
  owner: string
}

export function createTopic(world: World, store: Store): Topic {
  const { random, workload, seen } = world
  const partitions = Array.from(
    { length: PARTITIONS_AT_MOST },
    (): Partition => ({ records: [], committed: 0, owner: '' }),
  )
  let used = 2
  /** By order, where its last record is. */
  const last = new Map<string, { index: number; offset: number }>()

  /** What an order was about when its records began to go elsewhere. */
  function countMoved(order: string, index: number): void {
    const before = last.get(order)
    last.set(order, { index, offset: (partitions[index]?.records.length ?? 0) - 1 })
    if (!before || before.index === index) return
    const record = store.orders.get(order)
    if ((partitions[before.index]?.committed ?? 0) <= before.offset) seen['moved while earlier records wait']++
    if (record?.lane.some(({ tries, outages }) => tries > 0 || outages)) seen['moved while retried']++
    if (record && record.dead.length > 0) seen['moved while something is dead']++
  }

  return {
    partitions,
    produce: () => {
      const unsent = workload.orders.filter(({ deliveries }) => deliveries.length > 0)
      if (unsent.length === 0) return false
      const order = random.pick(unsent)
      const event = order.deliveries.shift()
      const index = (order.index + (used > 2 ? 1 : 0)) % used
      if (event) partitions[index]?.records.push(event)
      countMoved(order.id, index)
      return true
    },
    grow: () => {
      if (used === PARTITIONS_AT_MOST) return
      used++
      seen['partitions added']++
    },
    rebalance: names => {
      if (names.length === 0) return
      for (const partition of partitions) partition.owner = random.pick(names)
      seen.rebalance++
    },
    isDrained: () =>
      workload.orders.every(({ deliveries }) => deliveries.length === 0) &&
      partitions.every(({ committed, records }) => committed >= records.length),
  }
}
