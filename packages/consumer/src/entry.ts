import type { Entry } from '@hookline/delivery'
import type { HandledEvent } from './effect.ts'
import type { OrderKey } from './ports.ts'
import type { Route } from './route.ts'

/** An event that is open in the inbox, and what it means here. */
export interface OpenEvent {
  id: string
  event: HandledEvent
  route: Route
}

export function orderKeyOf(event: { source: string; order_id: string }): OrderKey {
  return `${event.source}:${event.order_id}`
}

/** What `orderKeyOf` made the key of. */
export function ofOrderKey(key: OrderKey): { source: string; order_id: string } {
  const colon = key.indexOf(':')
  return { source: key.slice(0, colon), order_id: key.slice(colon + 1) }
}

/** `now`: milliseconds, server's clock. */
export function entryOf({ id, event, route }: OpenEvent, now: number): Entry {
  return {
    id,
    event: event.event,
    version: event.version,
    last_webhook_at: event.last_webhook_at,
    creating: route.creating,
    effects: route.effects,
    tries: 0,
    lost_leases: 0,
    since: now,
  }
}
