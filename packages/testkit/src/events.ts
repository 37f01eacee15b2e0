import { createHash } from 'node:crypto'
import type { EventOf } from '@hookline/consumer'
import { catalogues, parseEvent, readEvent, type SourceName } from '@hookline/contracts'

/** When events are sent that do not say when. */
export const SENT_AT = '2026-03-01T10:00:00Z'

/**
 * What a handler is given for this body, as its sender posts it: made by the same functions as in the services. Any time is
 * good, and its ingress had it then. Throws where the services would refuse it for anything else.
 */
export function eventOf<S extends SourceName, E extends string = '*'>(source: S, body: object): EventOf<S, E> {
  const read = readEvent(catalogues[source], {
    body: Buffer.from(JSON.stringify(body)),
    headers: {},
    receivedAt: Date.parse(SENT_AT),
    now: Number.POSITIVE_INFINITY,
  })
  if (read.kind !== 'event') throw new Error(`${read.kind}: ${read.code}`)
  const { event } = read
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `E` is what the caller says of the body
  return parseEvent({ ...event, received_at: event.last_webhook_at }) as unknown as EventOf<S, E>
}

/** An event of Points about order `p-1`, or the one whose `id` is in `order`. `timestamp`: ISO-8601, UTC. */
export function points<E extends string>(event: E, order: object = {}, timestamp = SENT_AT): EventOf<'points', E> {
  return eventOf<'points', E>('points', { event, order: { id: 'p-1', order_number: 'N-1', ...order }, timestamp })
}

/**
 * An event of Headless Commerce; `data` says what it is about. The same arguments are the same event, as their id is made
 * of them. `timestamp`: ISO-8601, UTC.
 */
export function hc<E extends string>(type: E, data: object, timestamp = SENT_AT): EventOf<'hc', E> {
  const digest = createHash('sha256').update(JSON.stringify({ data, timestamp })).digest('hex').slice(0, 12)
  return eventOf<'hc', E>('hc', { id: `evt_${type}_${digest}`, type, created_at: timestamp, store_id: 'store_1', data })
}
