import { type DeadEntry, type DeadReason, holds } from '@hookline/delivery'
import type { Db } from 'mongodb'
import { ORDERS } from './collections.ts'
import { type DeadPlace, type DeadSelection, isMeant, ordersWithDead } from './dead-selection.ts'
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
export function deadEvents(
  db: Db,
  { limit, selection = {} }: { limit: number; selection?: DeadSelection },
): Promise<readonly DeadEvent[]> {
  return safely('deadEvents', async () => {
    const orders = db.collection<OrderDocument>(ORDERS).find(ordersWithDead(selection)).sort({ 'dead.dead_at': -1 })
    const newest: DeadEvent[] = []
    for await (const document of orders) {
      // from here on nothing that died later can come: of an order the newest death counts, whether it is meant or not
      const last = newest[limit - 1]
      if (last && newestDeath(document) < Date.parse(last.dead_at)) break
      newest.push(...deadOf(document, selection))
      newest.sort((a, b) => (a.dead_at > b.dead_at ? -1 : 1)).splice(limit)
    }
    return newest
  })
}

function newestDeath({ dead }: OrderDocument): number {
  return Math.max(...dead.map(({ dead_at }) => dead_at.getTime()))
}

function deadOf(document: OrderDocument, selection: DeadSelection): readonly DeadEvent[] {
  const { source, order_id } = document
  return toOrderRecord(document)
    .dead.filter(entry => isMeant(selection, entry, { source, order_id }))
    .map(entry => deadEventOf(entry, { source, order_id }))
}

export function deadEventOf(entry: DeadEntry, { source, order_id }: DeadPlace): DeadEvent {
  return {
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
  }
}
