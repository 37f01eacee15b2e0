import type { DeadLetters, Inbox, LoopPorts, Orders } from '@hookline/consumer'
import { encodeRecord, identityOf, type WebhookEvent } from '@hookline/contracts'
import { type MemoryEvent, type MemoryInbox, memoryInbox } from '../memory-inbox.ts'
import { type MemoryOrders, memoryOrders } from '../memory-orders.ts'
import { type MemoryTable, memoryTable, memoryTransactions } from '../memory-transactions.ts'
import type { Life } from './life.ts'

type Letter = Parameters<DeadLetters['send']>[0][number]

/** What outlives the instances: the service's database and its dead-letter topic. */
export interface Database {
  readonly inbox: MemoryInbox
  readonly orders: MemoryOrders
  /** What transactional handlers have written. */
  readonly table: MemoryTable
  readonly letters: Letter[]
}

export function newDatabase(nowMs: () => number): Database {
  const inbox = memoryInbox({ clock: { now: nowMs, errorMs: () => 0 } })
  return { inbox, orders: memoryOrders(), table: memoryTable(), letters: [] }
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
  return {
    inbox: {
      accept: events => back(() => inbox.accept(events)),
      states: ids => back(() => inbox.states(ids)),
      load: ids => back(() => inbox.load(ids)),
      finish: facts => back(() => inbox.finish(facts)),
      openBefore: (before, limit, after) => back(() => inbox.openBefore(before, limit, after)),
    },
    orders: {
      read: keys => back(() => orders.read(keys)),
      write: writes => back(() => orders.write(writes)),
      release: (keys, token) => back(() => orders.release(keys, token)),
      renew: (keys, token, wakeAt) => back(() => orders.renew(keys, token, wakeAt)),
      due: (now, limit) => back(() => orders.due(now, limit)),
    },
    transactions: memoryTransactions({ ...database, exchange: (_, apply) => back(apply) }),
    deadLetters: {
      send: letters => back(() => void database.letters.push(...letters)),
    },
  }
}
