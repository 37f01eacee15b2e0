import { DEAD_REASONS, type DeadEntry, type DeadReason } from '@hookline/delivery'
import type { Filter } from 'mongodb'
import type { OrderDocument } from './order-document.ts'

/** Which dead events are meant: those for which every field that is given holds. Times are milliseconds since the epoch. */
export interface DeadSelection {
  reasons?: readonly DeadReason[]
  events?: readonly string[]
  sources?: readonly string[]
  /** The sender's ids of orders. */
  orders?: readonly string[]
  /** The events' ids in the inbox. */
  ids?: readonly string[]
  /** Died then or later. */
  deadAfter?: number
  /** Died earlier. */
  deadBefore?: number
}

/** Where an entry died. */
export interface DeadPlace {
  source: string
  order_id: string
}

/** Orders with a dead event that is meant. */
export function ordersWithDead(selection: DeadSelection): Filter<OrderDocument> {
  const { reasons, events, sources, orders, ids, deadAfter, deadBefore } = selection
  const died = {
    ...(deadAfter !== undefined && { $gte: new Date(deadAfter) }),
    ...(deadBefore !== undefined && { $lt: new Date(deadBefore) }),
  }
  return {
    'dead.dead_at': { $exists: true }, // what the index holds
    ...(sources && { source: { $in: [...sources] } }),
    ...(orders && { order_id: { $in: [...orders] } }),
    dead: {
      $elemMatch: {
        ...(reasons && { reason: { $in: [...reasons] } }),
        ...(events && { event: { $in: [...events] } }),
        ...(ids && { id: { $in: [...ids] } }),
        dead_at: { $exists: true, ...died },
      },
    },
  }
}

export function isMeant(
  { reasons, events, sources, orders, ids, deadAfter, deadBefore }: DeadSelection,
  entry: Pick<DeadEntry, 'id' | 'event' | 'reason' | 'dead_at'>,
  { source, order_id }: DeadPlace,
): boolean {
  return (
    (reasons?.includes(entry.reason) ?? true) &&
    (events?.includes(entry.event) ?? true) &&
    (sources?.includes(source) ?? true) &&
    (orders?.includes(order_id) ?? true) &&
    (ids?.includes(entry.id) ?? true) &&
    entry.dead_at >= (deadAfter ?? Number.NEGATIVE_INFINITY) &&
    entry.dead_at < (deadBefore ?? Number.POSITIVE_INFINITY)
  )
}

/**
 * What a redrive may take: `after_terminal` only where it is asked for by its reason or by id. To give it back is a decision
 * about goods and customers, and not one to be made by the way.
 */
export function redrivable(selection: DeadSelection): DeadSelection {
  if (selection.reasons || selection.ids) return selection
  return { ...selection, reasons: DEAD_REASONS.filter(reason => reason !== 'after_terminal') }
}
