import type { WebhookEvent } from '@hookline/contracts'
import type { InboxEvent, InboxState, NewEvent } from '@hookline/consumer/loop'
import { ObjectId } from 'mongodb'

/** One event as `webhook_events` has it. What is dead is `open` here; the order record tells. */
export interface EventDocument {
  /** Made by chance, never from the identity: what is new is the unique index's to say. */
  _id: ObjectId
  source: string
  order_id: string
  event: string
  occurrence: string
  version: string
  last_webhook_at: Date
  received_at: Date
  headers: Readonly<Record<string, string>>
  body: string
  /** Names of the effects that this service has for it. */
  effects: readonly string[]
  state: InboxState
  accepted_at: Date
  finished_at?: Date
  note?: string
  /** Only on what is done or stale: an open event never expires. */
  expires_at?: Date
}

/** An open event, accepted at `now` (ms, server's clock). */
export function toDocument({ event, effects }: NewEvent, now: number): EventDocument {
  return {
    _id: new ObjectId(),
    source: event.source,
    order_id: event.order_id,
    event: event.event,
    occurrence: event.occurrence,
    version: event.version,
    last_webhook_at: new Date(event.last_webhook_at),
    received_at: new Date(event.received_at),
    headers: event.headers,
    body: event.body,
    effects,
    state: 'open',
    accepted_at: new Date(now),
  }
}

/** The very event that was accepted: a retry must make the same bytes. */
export function toInboxEvent(document: EventDocument): InboxEvent {
  return {
    id: document._id.toHexString(),
    source: document.source,
    order_id: document.order_id,
    event: document.event,
    occurrence: document.occurrence,
    version: document.version,
    last_webhook_at: document.last_webhook_at.toISOString(),
    received_at: document.received_at.toISOString(),
    headers: document.headers,
    body: document.body,
  }
}

/** What makes two deliveries the same event, as a text that no other identity has. */
export function identityText(event: Pick<WebhookEvent, 'source' | 'order_id' | 'event' | 'occurrence'>): string {
  return JSON.stringify([event.source, event.order_id, event.event, event.occurrence])
}

/** Ids that cannot be ones of the inbox are left out. */
export function objectIds(ids: readonly string[]): ObjectId[] {
  return ids.filter(id => /^[0-9a-f]{24}$/.test(id)).map(id => ObjectId.createFromHexString(id))
}
