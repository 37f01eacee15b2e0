import { type DeadReason, holds } from '@hookline/delivery'
import type { Db } from 'mongodb'
import { ORDERS } from './collections.ts'
import { safely } from './errors.ts'
import { type OrderDocument, toOrderRecord } from './order-document.ts'

/** An event that was given up and waits for a person. Times are ISO-8601. */
export interface DeadEvent {
  source: string
  order_id: string
  id: string
  event: string
  version: string
  last_webhook_at: string
  reason: DeadReason
  dead_at: string
  /** Names of the effects that are not done. */
  effects_to_do: readonly string[]
  tries: number
  lost_leases: number
  /** An attempt may have executed all the same. */
  unsure: boolean
  /** Nothing of its order passes it. */
  holds: boolean
  last_error?: string
  /** The first kilobyte of the target's answer. */
  answer?: string
}

/** What died last comes first, `limit` events at most. */
export function deadEvents(db: Db, { limit }: { limit: number }): Promise<readonly DeadEvent[]> {
  return safely('deadEvents', async () => {
    const documents = await db
      .collection<OrderDocument>(ORDERS)
      .find({ 'dead.dead_at': { $exists: true } })
      .sort({ 'dead.dead_at': -1 })
      .limit(limit)
      .toArray()
    const events = documents.flatMap(deadOf)
    return events.sort((a, b) => (a.dead_at > b.dead_at ? -1 : 1)).slice(0, limit)
  })
}

function deadOf(document: OrderDocument): readonly DeadEvent[] {
  const { source, order_id } = document
  return toOrderRecord(document).dead.map(entry => ({
    source,
    order_id,
    id: entry.id,
    event: entry.event,
    version: entry.version,
    last_webhook_at: entry.last_webhook_at,
    reason: entry.reason,
    dead_at: new Date(entry.dead_at).toISOString(),
    effects_to_do: entry.effects.map(({ name }) => name),
    tries: entry.tries,
    lost_leases: entry.lost_leases,
    unsure: entry.unsure ?? false,
    holds: holds(entry),
    ...(entry.last_error && { last_error: entry.last_error }),
    ...(entry.answer !== undefined && { answer: entry.answer }),
  }))
}
