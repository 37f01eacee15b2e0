import type { Fact, InboxState, Inside, OrderKey, OrderWrite, Transactions } from '@hookline/consumer/loop'
import type { OrderRecord } from '@hookline/delivery'
import { faultyCalls, type Faults } from './faults.ts'
import type { MemoryInbox } from './memory-inbox.ts'
import type { MemoryOrders } from './memory-orders.ts'

export interface MemoryTransactions extends Transactions {
  /** A commit is whole: what fails midway failed after it. What comes late, and after another write, does nothing. */
  readonly faults: Faults<'begin' | 'commit'>
  /** How often `work` ran again, as another write came between. */
  conflicts(): number
}

/** The business data of a service in memory: what its transactional handlers write. By key. */
export type MemoryTable = Map<string, Row>

/** A row is never changed, only replaced: so another one is a write that came between. */
interface Row {
  readonly value: string
}

/** What `handle` is: reads see what the transaction wrote itself, and nothing that was committed since it began. */
export interface MemoryTransaction {
  get(key: string): Promise<string | undefined>
  set(key: string, value: string): Promise<void>
}

export interface MemoryTransactionsOptions {
  orders: MemoryOrders
  inbox: MemoryInbox
  /** Shared by all who have transactions on the same database. */
  table?: MemoryTable
  /** The way to the database and back, for tests that have one; otherwise both are there at once. */
  exchange?: <T>(operation: 'begin' | 'commit', apply: () => Promise<T>) => Promise<T>
}

export function memoryTable(): MemoryTable {
  return new Map()
}

/** Everything as it was when the transaction began: with its first operation, as in MongoDB. */
interface Snapshot {
  orders: ReadonlyMap<OrderKey, OrderRecord>
  states: ReadonlyMap<string, InboxState>
  table: ReadonlyMap<string, Row>
}

/** What the transaction will have written. */
interface Staged {
  /** In their order; `before` and `after` of a record that is written twice follow each other. */
  writes: OrderWrite[]
  facts: Fact[]
  rows: Map<string, Row>
}

/** Transactions over the ports in memory: the isolation of MongoDB's snapshots, and faults as they are asked for. */
export function memoryTransactions({
  orders,
  inbox,
  table = memoryTable(),
  exchange = (_, apply) => apply(),
}: MemoryTransactionsOptions): MemoryTransactions {
  const { faults, around } = faultyCalls<'begin' | 'commit'>()
  let conflicts = 0

  function begin(): Snapshot {
    const states = new Map(inbox.events().map(({ id, state }) => [id, state]))
    return { orders: orders.records(), states, table: new Map(table) }
  }

  /** Whether anything that is about to be written was written since. */
  function isLate(snapshot: Snapshot, { writes, facts, rows }: Staged): boolean {
    const now = begin()
    return (
      writes.some(({ key }) => now.orders.get(key)?.rev !== snapshot.orders.get(key)?.rev) ||
      facts.some(({ ids }) => ids.some(id => now.states.get(id) !== snapshot.states.get(id))) ||
      [...rows.keys()].some(key => now.table.get(key) !== snapshot.table.get(key))
    )
  }

  function commit(snapshot: Snapshot, staged: Staged): boolean {
    if (isLate(snapshot, staged)) return false
    for (const write of staged.writes) orders.writeNow([write])
    inbox.finishNow(staged.facts)
    for (const [key, row] of staged.rows) table.set(key, row)
    return true
  }

  return {
    faults,
    conflicts: () => conflicts,
    async run(work) {
      for (;;) {
        let begun: Promise<Snapshot> | undefined
        const snapshot = () => (begun ??= exchange('begin', () => around('begin', [], begin)))
        const staged: Staged = { writes: [], facts: [], rows: new Map() }
        const result = await work(inside(snapshot, staged))
        if (!begun) return result
        const from = await snapshot()
        const committed = await exchange('commit', () => around('commit', ['whole'], () => commit(from, staged)))
        if (committed) return result
        conflicts += 1
      }
    },
  }
}

function inside(snapshot: () => Promise<Snapshot>, staged: Staged): Inside & { handle: MemoryTransaction } {
  /** The record as this transaction sees it. */
  const seen = ({ orders }: Snapshot, key: OrderKey) =>
    staged.writes.findLast(write => write.key === key)?.after ?? orders.get(key)

  return {
    orders: {
      async read(keys) {
        const from = await snapshot()
        const found = keys.flatMap(key => {
          const record = seen(from, key)
          return record ? [[key, record] as const] : []
        })
        return structuredClone(new Map(found))
      },
      async write(writes) {
        const from = await snapshot()
        let written = 0
        for (const write of structuredClone(writes)) {
          if (seen(from, write.key)?.rev !== write.before?.rev) continue
          staged.writes.push(write)
          written += 1
        }
        return written
      },
    },
    inbox: {
      async finish(facts) {
        await snapshot()
        staged.facts.push(...structuredClone(facts))
      },
    },
    handle: {
      async get(key) {
        const { table } = await snapshot()
        return (staged.rows.get(key) ?? table.get(key))?.value
      },
      async set(key, value) {
        await snapshot()
        staged.rows.set(key, { value })
      },
    },
  }
}
