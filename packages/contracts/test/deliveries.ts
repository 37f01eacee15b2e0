import { catalogues, type ReadResult, readEvent, type SourceName, type WebhookEvent } from '../src/index.ts'

export const NOW = Date.parse('2026-03-01T06:20:00Z')
export const ORDER_ID = '7d9f2c1e-6a53-4b0a-9a0e-2f4f1f2d3c4b'

type Fields = Record<string, unknown>

export function pointsBody(event: string, order: Fields = {}, rest: Fields = {}): Fields {
  const whole = { id: ORDER_ID, order_number: 'SO-77', order_status: 'approved', metadata: null, ...order }
  return { event, order: whole, timestamp: '2026-03-01T06:15:07Z', ...rest }
}

export function hcBody(type: string, data: Fields = { id: ORDER_ID }, rest: Fields = {}): Fields {
  return { id: 'evt_01', type, created_at: '2026-03-01T06:15:07.250Z', data, store_id: 'store_1', ...rest }
}

/** A body whose order has this text as metadata. */
export function withMetadata(metadata: string): string {
  return `{"event":"approved","order":{"id":"${ORDER_ID}","metadata":${metadata}},"timestamp":"2026-03-01T06:15:07Z"}`
}

/** Reads a delivery at `NOW`; an object is sent as JSON, anything else as it is. */
export function read(
  source: SourceName,
  body: Fields | string | Buffer,
  rest: { headers?: Record<string, string | string[]>; storeId?: string } = {},
): ReadResult {
  const text = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body)
  const { headers = {}, storeId } = rest
  return readEvent(catalogues[source], { body: Buffer.from(text), headers, receivedAt: NOW, now: NOW, storeId })
}

export function eventOf(result: ReadResult): WebhookEvent {
  if (result.kind !== 'event') throw new Error(`not an event but ${result.status} ${result.code}`)
  return result.event
}

/** The status and code in short: `422 invalid_time`, or `event`. */
export function outcomeOf(result: ReadResult): string {
  return result.kind === 'event' ? 'event' : `${result.kind} ${result.status} ${result.code}`
}
