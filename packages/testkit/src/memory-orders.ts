import type { OrderKey, Orders, OrderWrite } from '@hookline/consumer/loop'
import type { OrderRecord } from '@hookline/delivery'
import { faultyCalls, type Faults } from './faults.ts'

export interface MemoryOrders extends Orders {
  readonly faults: Faults<keyof Orders>
  /** Everything that is stored. */
  records(): ReadonlyMap<OrderKey, OrderRecord>
  /** `write`, at once and without its faults: what a transaction commits. */
  writeNow(writes: readonly OrderWrite[]): number
}

export interface MemoryOrdersOptions {
  /** Sees every document that is written, as it is written: where a test asserts what must hold at every write. */
  onWrite?: (key: OrderKey, before: OrderRecord | undefined, after: OrderRecord) => void
}

/** The order records in memory: the same answers as the adapter of MongoDB, and faults as they are asked for. */
export function memoryOrders({ onWrite }: MemoryOrdersOptions = {}): MemoryOrders {
  const { faults, around } = faultyCalls<keyof Orders>()
  const records = new Map<OrderKey, OrderRecord>()

  function store(key: OrderKey, after: OrderRecord): void {
    const before = records.get(key)
    records.set(key, structuredClone(after))
    onWrite?.(key, before, after)
  }

  function compareAndSet({ key, before, after }: OrderWrite): boolean {
    if (records.get(key)?.rev !== before?.rev) return false
    store(key, after)
    return true
  }

  const writeNow = (writes: readonly OrderWrite[]) => writes.filter(compareAndSet).length

  /** Changes those of `keys` that are owned under `token`, and tells how many. */
  function change(keys: readonly OrderKey[], token: string, next: (record: OrderRecord) => OrderRecord | undefined) {
    let changed = 0
    for (const key of new Set(keys)) {
      const record = records.get(key)
      const after = record?.owner === token ? next(record) : undefined
      if (!after) continue
      store(key, after)
      changed += 1
    }
    return changed
  }

  return {
    faults,
    records: () => structuredClone(records),

    read: keys =>
      around('read', keys, some => {
        const found = some.flatMap(key => [[key, records.get(key)] as const])
        return structuredClone(new Map(found.flatMap(([key, record]) => (record ? [[key, record] as const] : []))))
      }),

    writeNow,

    write: writes => around('write', writes, writeNow),

    release: (keys, token) => around('release', keys, some => change(some, token, released)),

    renew: (keys, token, wakeAt) =>
      around('renew', keys, some =>
        change(some, token, record => ({
          ...record,
          rev: record.rev + 1,
          wake_at: Math.max(record.wake_at ?? 0, wakeAt),
        })),
      ),

    due: (now, limit) =>
      around('due', [], () => {
        const due = [...records].filter(([, { wake_at }]) => wake_at !== undefined && wake_at <= now)
        const first = due.sort(([, a], [, b]) => (a.wake_at ?? 0) - (b.wake_at ?? 0)).slice(0, limit)
        return structuredClone(new Map(first))
      }),
  }
}

function released(record: OrderRecord): OrderRecord | undefined {
  const { owner: _, wake_at: __, planned, ...same } = record
  return planned && { ...same, rev: record.rev + 1, known: true, floors: planned, lane: [] }
}
