import type { Db } from 'mongodb'
import { safely } from './errors.ts'

// A process that vanishes in a transaction leaves it open: mongod ends it only after 60 to 90 seconds, and until then whoever
// wants to write the same order record waits, with all that waits behind it.

export interface IdleTransactionOptions {
  /** Whose: the name that all processes of the service have told the server. */
  appName: string
  /** How long the client of a transaction may have asked for nothing, altogether, milliseconds. */
  idleMs: number
}

/**
 * Ends this service's transactions whose client has gone, or takes too long. One that lives is told so by its next operation,
 * and runs again. Needs no more rights than to be the same user. Returns how many there were.
 * Source: https://www.mongodb.com/docs/manual/reference/command/killSessions/
 */
export function endIdleTransactions(db: Db, { appName, idleMs }: IdleTransactionOptions): Promise<number> {
  return safely('endIdleTransactions', async () => {
    const admin = db.client.db('admin')
    const idle = await admin
      .aggregate<{ lsid: { id: unknown } }>([
        { $currentOp: { idleSessions: true, allUsers: false, localOps: true } },
        { $match: { type: 'idleSession', appName, 'transaction.timeInactiveMicros': { $gt: idleMs * 1_000 } } },
        { $project: { 'lsid.id': 1 } },
      ])
      .toArray()
    if (idle.length > 0) await admin.command({ killSessions: idle.map(({ lsid }) => ({ id: lsid.id })) })
    return idle.length
  })
}

/** Looks again and again, until the function that it returns is called. `onFailure` hears of the first look of a row that fails. */
export function watchIdleTransactions(
  db: Db,
  options: IdleTransactionOptions & { onEnded: (count: number) => void; onFailure: (error: unknown) => void },
): () => void {
  const everyMs = Math.max(1_000, options.idleMs / 2)
  let looking = false
  let failing = false
  const look = async () => {
    if (looking) return
    looking = true
    try {
      const count = await endIdleTransactions(db, options)
      failing = false
      if (count > 0) options.onEnded(count)
    } catch (error) {
      if (!failing) options.onFailure(error)
      failing = true
    } finally {
      looking = false
    }
  }
  const timer = setInterval(() => void look(), everyMs).unref()
  return () => clearInterval(timer)
}
