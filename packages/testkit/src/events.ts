import type { HandledEvent } from '@hookline/consumer'
import { catalogues, readEvent, type SourceName } from '@hookline/contracts'

const SENT_AT = '2026-03-01T10:00:00Z'

/** What a handler is given for this body: made by the same functions as in the services. */
function eventOf(source: SourceName, body: object): HandledEvent {
  const now = Date.parse(SENT_AT)
  const read = readEvent(catalogues[source], {
    body: Buffer.from(JSON.stringify(body)),
    headers: {},
    receivedAt: now,
    now,
  })
  if (read.kind !== 'event') throw new Error(`${read.kind}: ${read.code}`)
  return { ...read.event, data: JSON.parse(read.event.body) }
}

/** An event of Points about order `p-1`. */
export function points(event: string, order: object = {}, timestamp = SENT_AT): HandledEvent {
  return eventOf('points', { event, order: { id: 'p-1', order_number: 'N-1', ...order }, timestamp })
}

/** An event of Headless Commerce; `data` says what it is about. */
export function hc(type: string, data: object): HandledEvent {
  return eventOf('hc', { id: `evt_${type}`, type, created_at: SENT_AT, store_id: 'store_1', data })
}
