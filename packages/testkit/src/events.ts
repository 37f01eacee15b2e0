import { createHash } from 'node:crypto'
import type { HandledEvent } from '@hookline/consumer'
import { catalogues, readEvent, type SourceName } from '@hookline/contracts'

/** When events are sent that do not say when. */
export const SENT_AT = '2026-03-01T10:00:00Z'

/**
 * What a handler is given for this body, as its sender posts it: made by the same functions as in the services. Any time is
 * good, and its ingress had it then. Throws where the services would refuse it for anything else.
 */
export function eventOf(source: SourceName, body: object): HandledEvent {
  const read = readEvent(catalogues[source], {
    body: Buffer.from(JSON.stringify(body)),
    headers: {},
    receivedAt: Date.parse(SENT_AT),
    now: Number.POSITIVE_INFINITY,
  })
  if (read.kind !== 'event') throw new Error(`${read.kind}: ${read.code}`)
  const { event } = read
  return { ...event, received_at: event.last_webhook_at, data: JSON.parse(event.body) }
}

/** An event of Points about order `p-1`, or the one whose `id` is in `order`. `timestamp`: ISO-8601, UTC. */
export function points(event: string, order: object = {}, timestamp = SENT_AT): HandledEvent {
  return eventOf('points', { event, order: { id: 'p-1', order_number: 'N-1', ...order }, timestamp })
}

/**
 * An event of Headless Commerce; `data` says what it is about. The same arguments are the same event, as their id is made
 * of them. `timestamp`: ISO-8601, UTC.
 */
export function hc(type: string, data: object, timestamp = SENT_AT): HandledEvent {
  const digest = createHash('sha256').update(JSON.stringify({ data, timestamp })).digest('hex').slice(0, 12)
  return eventOf('hc', { id: `evt_${type}_${digest}`, type, created_at: timestamp, store_id: 'store_1', data })
}
