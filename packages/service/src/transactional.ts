import { type Done, type Effect, effect, type EffectDeclaration } from '@hookline/consumer'
import type { EventFor, EventPatterns, HandlerContext } from '@hookline/consumer'
import type { MongoTransaction } from '@hookline/inbox'

/** What a transactional handler may use beside its event and its transaction. */
export type TransactionalContext = Omit<HandlerContext, 'transaction'>

/**
 * Writes the effect into the service's own database. Return: done, once the transaction is committed. Throw anything: rolled
 * back, and tried again as after `Retryable`; `Permanent`: rolled back, and dead.
 */
export type TransactionalHandler<Event> = (
  event: Event,
  context: TransactionalContext,
  transaction: MongoTransaction,
) => Promise<void | Done>

/** An effect as `effect` takes it, but for its handler. */
export interface TransactionalEffect<On extends EventPatterns>
  extends Omit<EffectDeclaration<On>, 'handler' | 'transactional'> {
  readonly handler: TransactionalHandler<EventFor<On>>
}

/**
 * Declares an effect that is wholly in the service's own database. What its handler writes commits together with what says
 * that it is done: it happens exactly once, whoever dies when, and needs neither a key nor a unique index.
 *
 * - Every operation is on `db` and has `{ session }`, one after the other: what has none stays when the rest is rolled back.
 * - No calls to the outside: the handler runs again when another write comes between (an event of the same order is enough),
 *   and nobody takes a mail back. Calls belong into an effect of their own.
 * - It is quick: other writers of the same documents wait, or begin anew. One that asks the database for nothing during a
 *   sixth of `LEASE_MS` is taken for dead and ended; so is every one after three quarters of `LEASE_MS` (`context.signal`
 *   tells) and after the 60 seconds that mongod gives it.
 * - Its collections and their indexes are there before it runs. `webhook_events` and `orders` are not its own.
 *
 * Source: https://www.mongodb.com/docs/manual/core/transactions-production-consideration/
 */
export function transactional<const On extends EventPatterns>({
  handler,
  ...declaration
}: TransactionalEffect<On>): Effect {
  return effect({
    ...declaration,
    transactional: true,
    handler: async (event, { transaction, ...context }) => {
      if (!isOfMongo(transaction)) throw new Error(`effect ${declaration.name} was given no transaction of MongoDB`)
      return await handler(event, context, transaction)
    },
  })
}

function isOfMongo(transaction: unknown): transaction is MongoTransaction {
  return typeof transaction === 'object' && transaction !== null && 'db' in transaction && 'session' in transaction
}
