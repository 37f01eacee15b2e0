import type { DeadLetters, Inbox, LoopPorts, Orders } from '@hookline/consumer/loop'
import { encodeRecord, identityOf, type WebhookEvent } from '@hookline/contracts'
import { type Around, type Faults, faultyCalls } from '../faults.ts'
import { type MemoryEvent, type MemoryInbox, memoryInbox } from '../memory-inbox.ts'
import { type MemoryOrders, memoryOrders } from '../memory-orders.ts'
import { type MemoryTable, memoryTable, memoryTransactions } from '../memory-transactions.ts'
import type { Life } from './life.ts'

type Letter = Parameters<DeadLetters['send']>[0][number]

/** A write as the ports of `@hookline/consumer` name it, `Inbox` and `Orders`; `commit`: of a transaction. */
export type DatabaseWrite =
  | Extract<keyof Inbox, 'accept' | 'finish'>
  | Extract<keyof Orders, 'write' | 'release' | 'renew'>
  | 'commit'

type Operation = keyof Inbox | keyof Orders | 'begin' | 'commit'

/** What outlives the instances: the service's database and its dead-letter topic. */
export interface Database {
  readonly inbox: MemoryInbox
  readonly orders: MemoryOrders
  /** What transactional handlers have written. */
  readonly table: MemoryTable
  readonly letters: Letter[]
  /** Of the way to the database and back, which every instance goes. */
  readonly faults: Faults<Operation>
  readonly around: Around<Operation>
}

export function newDatabase(nowMs: () => number): Database {
  const inbox = memoryInbox({ clock: { now: nowMs, errorMs: () => 0 } })
  return { inbox, orders: memoryOrders(), table: memoryTable(), letters: [], ...faultyCalls<Operation>() }
}

export function storedEvent({ inbox }: Database, event: WebhookEvent): MemoryEvent | undefined {
  const identity = identityOf(event)
  return inbox.events().find(stored => identityOf(stored) === identity)
}

/** Of an event that no order record can hold. */
export function letterOf({ letters }: Database, event: WebhookEvent): Letter | undefined {
  const value = encodeRecord(event).value
  return letters.find(({ record }) => record.value?.equals(value))
}

/** The database as one instance reaches it. */
export function reachedBy(
  { back }: Life,
  database: Database,
): Pick<LoopPorts, 'inbox' | 'orders' | 'transactions' | 'deadLetters'> {
  const inbox: Inbox = database.inbox
  const orders: Orders = database.orders
  const ask = <T>(operation: Operation, work: () => Promise<T>): Promise<T> =>
    back(async () => await database.around(operation, [], work))
  return {
    inbox: {
      accept: events => ask('accept', () => inbox.accept(events)),
      states: ids => ask('states', () => inbox.states(ids)),
      load: ids => ask('load', () => inbox.load(ids)),
      finish: facts => ask('finish', () => inbox.finish(facts)),
      openBefore: (before, limit, after) => ask('openBefore', () => inbox.openBefore(before, limit, after)),
    },
    orders: {
      read: keys => ask('read', () => orders.read(keys)),
      write: writes => ask('write', () => orders.write(writes)),
      release: (keys, token) => ask('release', () => orders.release(keys, token)),
      renew: (keys, token, wakeAt) => ask('renew', () => orders.renew(keys, token, wakeAt)),
      due: (now, limit) => ask('due', () => orders.due(now, limit)),
    },
    transactions: memoryTransactions({ ...database, exchange: ask }),
    deadLetters: {
      send: letters => back(() => void database.letters.push(...letters)),
    },
  }
}
