import type { Transactions } from '@hookline/consumer'
import { type ClientSession, type Db, ReadConcernLevel, type TransactionOptions } from 'mongodb'
import { EVENTS, ORDERS } from './collections.ts'
import { InboxUnavailable, safely } from './errors.ts'
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

/** As long as mongod lets a transaction live (`transactionLifetimeLimitSeconds`): after that, `work` does not run again. */
const AGAIN_WITHIN_MS = 60_000

/**
 * The driver runs `work` again after a conflict, a failover, or an answer that was lost before the commit, and asks for the
 * outcome of a commit whose answer was lost.
 * Source: https://www.mongodb.com/docs/manual/core/transactions/
 */
export function mongoTransactions(db: Db, options: InboxOptions): Transactions {
  const orders = db.collection<OrderDocument>(ORDERS)
  const events = db.collection<EventDocument>(EVENTS)

  return {
    run: work =>
      safely('transaction', () =>
        db.client.withSession(session => {
          const untilMs = performance.now() + AGAIN_WITHIN_MS
          // the driver knows by its own errors what it may run again: inside, they come as they are
          return session.withTransaction(async () => {
            if (performance.now() > untilMs) throw new InboxUnavailable('too many conflicts', 'transaction')
            const handle: MongoTransaction = { db, session }
            return work({
              orders: {
                read: keys => readOrders(orders, keys, { session }),
                write: writes => writeOrders(orders, writes, { session }),
              },
              inbox: { finish: facts => finishEvents(events, facts, { ...options, session }) },
              handle,
            })
          }, OPTIONS)
        }),
      ),
  }
}
