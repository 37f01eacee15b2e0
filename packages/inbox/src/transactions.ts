import type { Inside, Transactions } from '@hookline/consumer/loop'
import { type ClientSession, type Db, ReadConcernLevel, type TransactionOptions } from 'mongodb'
import { EVENTS, ORDERS } from './collections.ts'
import { endsTransaction, InboxRefused, safe, safely } from './errors.ts'
import type { EventDocument } from './event-document.ts'
import { finishEvents, type InboxOptions } from './finish-events.ts'
import type { OrderDocument } from './order-document.ts'
import { readOrders, writeOrders } from './order-writes.ts'

/** What a transactional handler reads and writes with. */
export interface MongoTransaction {
  /** The service's own database. */
  readonly db: Db
  /** Goes with every operation on `db`: one without it is not part of the transaction. One operation at a time. */
  readonly session: ClientSession
}

const OPTIONS: TransactionOptions = {
  readConcern: { level: ReadConcernLevel.snapshot },
  writeConcern: { w: 'majority', journal: true },
  readPreference: 'primary',
}

/** As long as mongod lets one transaction live (`transactionLifetimeLimitSeconds`): after that, `work` does not run again. */
const AGAIN_WITHIN_MS = 60_000

/**
 * The driver runs `work` again when the server ended the transaction, and asks again for the outcome of a commit that was not
 * answered. An outage before the commit is an error at once.
 * Source: https://www.mongodb.com/docs/manual/core/transactions/
 */
export function mongoTransactions(db: Db, options: InboxOptions): Transactions {
  const orders = db.collection<OrderDocument>(ORDERS)
  const events = db.collection<EventDocument>(EVENTS)

  function inside(session: ClientSession): Inside & { handle: MongoTransaction } {
    return {
      orders: {
        read: keys => readOrders(orders, keys, { session }),
        write: writes => writeOrders(orders, writes, { session }),
      },
      inbox: { finish: facts => finishEvents(events, facts, { ...options, session }) },
      handle: { db, session },
    }
  }

  async function run<T>(session: ClientSession, work: (inside: Inside) => Promise<T>): Promise<T> {
    const untilMs = performance.now() + AGAIN_WITHIN_MS
    return await session.withTransaction(async () => {
      if (performance.now() > untilMs) throw new InboxRefused('not committed in time', 'transaction')
      try {
        return await work(inside(session))
      } catch (error) {
        // by its own error the driver knows that it may run again
        throw endsTransaction(error) ? error : safe('transaction', error)
      }
    }, OPTIONS)
  }

  return { run: work => safely('transaction', () => db.client.withSession(session => run(session, work))) }
}
