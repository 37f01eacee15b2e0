import type { Inbox, Orders, ServerClock, Transactions } from '@hookline/consumer/loop'
import { watchIdleTransactions } from './idle-transactions.ts'
import { mongoInbox } from './inbox.ts'
import { checkIndexes } from './migrate.ts'
import { type Database, openDatabase } from './open-database.ts'
import { mongoOrders } from './orders.ts'
import { startServerClock } from './server-clock.ts'
import { serverNow } from './server-now.ts'
import { mongoTransactions } from './transactions.ts'

const CLOCK_EVERY_MS = 10_000

export interface ConnectOptions {
  uri: string
  /** One per service, none shared: the service's name. */
  database: string
  /** How the server's logs name this client. */
  appName: string
  /** How long an event that is done or stale is remembered, milliseconds. */
  inboxTtlMs: number
  /** After so long without a request, milliseconds, a transaction of the service is ended; absent: it has none. */
  idleTransactionMs?: number
  /** pino's call shape. */
  log: { warn(fields: object, message: string): void }
}

export interface ConnectedInbox {
  inbox: Inbox
  orders: Orders
  transactions: Transactions
  clock: ServerClock
  db: Database
  close(): Promise<void>
}

/**
 * A service's MongoDB, its indexes checked and its clock known. Rejects with `IndexesWrong`, or within seconds with
 * `InboxUnavailable`; every method of what it gives rejects with `InboxUnavailable` (try again) or `InboxRefused`.
 */
export async function connectInbox(connect: ConnectOptions): Promise<ConnectedInbox> {
  const { inboxTtlMs, idleTransactionMs: idleMs, log, ...options } = connect
  const { db, close } = openDatabase(options)
  try {
    await checkIndexes(db)
    const clock = await startServerClock({
      ask: () => serverNow(db),
      everyMs: CLOCK_EVERY_MS,
      onMissed: error => log.warn({ err: error }, "the server's time is not known afresh"),
    })
    const unwatch =
      idleMs === undefined
        ? () => {}
        : watchIdleTransactions(db, {
            appName: options.appName,
            idleMs,
            onEnded: count => log.warn({ count }, 'transactions were ended that nobody went on with'),
            onFailure: error => log.warn({ err: error }, 'transactions that nobody goes on with cannot be ended'),
          })
    return {
      inbox: mongoInbox(db, { clock, inboxTtlMs }),
      orders: mongoOrders(db),
      transactions: mongoTransactions(db, { clock, inboxTtlMs }),
      clock,
      db,
      close: () => {
        unwatch()
        clock.stop()
        return close()
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}
