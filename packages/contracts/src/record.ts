import { isUtf8 } from 'node:buffer'
import { catalogueOf } from './catalogues.ts'
import { decidingObjects, parseObject, ROOT_ONLY } from './parse-json.ts'
import type { JsonObject } from './path.ts'
import { UnreadableRecord } from './unreadable-record.ts'
import { isUsableEventName, isUsableId, isUsableSourceName } from './usable.ts'
import { timeOfVersion } from './version.ts'
import { identityOf, type WebhookEvent } from './webhook-event.ts'

/** The media type of a record's value, and its only header besides `traceparent`. */
export const RECORD_CONTENT_TYPE = 'application/cloudevents+json'

/** An event as Kafka takes it. */
export interface EncodedRecord {
  /** The order id. */
  readonly key: string
  readonly value: Buffer
  readonly headers: Record<string, string>
}

/** A name that a database takes for a field's: no NUL, which it refuses for ever, no `$`, no dot. */
const HEADER_NAME = /^[a-z0-9_-]{1,128}$/

/** Before the body. No attribute can contain it: within a JSON text a quote is escaped. */
const BEFORE_DATA = ',"data":'
const CLOSING_BRACE = 0x7d

/**
 * An event as one CloudEvents 1.0 event in structured JSON: the attributes in a fixed order, then the body's bytes
 * exactly as received, then one brace. So the raw JSON can be cut out again, and its signature be verified again.
 */
export function encodeRecord(event: WebhookEvent): EncodedRecord {
  return encodeWithBody(event, Buffer.from(event.body))
}

/** As `encodeRecord`, where the bytes of the event's body are at hand. */
export function encodeWithBody(event: WebhookEvent, body: Buffer): EncodedRecord {
  const attributes = JSON.stringify({
    specversion: '1.0',
    id: identityOf(event),
    source: event.source,
    type: event.event,
    subject: event.order_id,
    time: event.last_webhook_at,
    datacontenttype: 'application/json',
    partitionkey: event.order_id,
    version: event.version,
    receivedat: event.received_at,
    // left out where it is undefined
    occurrence: event.occurrence === '' ? undefined : event.occurrence,
    // CloudEvents attributes are scalars
    webhookheaders: JSON.stringify(event.headers),
  })
  const before = attributes.slice(0, -1) + BEFORE_DATA
  const bodyAt = Buffer.byteLength(before)
  const value = Buffer.allocUnsafe(bodyAt + body.length + 1)
  value.write(before)
  value.set(body, bodyAt)
  value[value.length - 1] = CLOSING_BRACE
  return { key: event.order_id, value, headers: { 'content-type': RECORD_CONTENT_TYPE } }
}

/**
 * The event of a record. Unknown attributes are ignored; a record of another layout is unreadable, never misread.
 * @throws {UnreadableRecord} and nothing else, for any bytes.
 */
export function decodeRecord(value: Buffer | null): WebhookEvent {
  if (value === null || value.length === 0) throw new UnreadableRecord('empty')
  if (!isUtf8(value)) throw new UnreadableRecord('not_utf8')
  const text = value.toString('utf8')
  const cut = text.indexOf(BEFORE_DATA)
  if (cut === -1 || !text.endsWith('}')) throw new UnreadableRecord('no_data')

  const attributes = parseObject(`${text.slice(0, cut)}}`, ROOT_ONLY)
  if (!attributes.ok) throw new UnreadableRecord('no_data')
  const event = eventOf(attributes.value, text.slice(cut + BEFORE_DATA.length, -1))
  if (!event) throw new UnreadableRecord('invalid_attributes')

  // Were anything left behind the data, this would not be one JSON object.
  const source = catalogueOf(event.source)
  const body = parseObject(event.body, source ? decidingObjects(source) : ROOT_ONLY)
  if (!body.ok) throw new UnreadableRecord('invalid_data')
  return event
}

function eventOf(attributes: JsonObject, body: string): WebhookEvent | undefined {
  const { source, subject, type, occurrence = '', version, time, receivedat } = attributes
  if (Object.hasOwn(attributes, 'data')) return undefined
  if (attributes.specversion !== '1.0' || attributes.datacontenttype !== 'application/json') return undefined
  if (typeof source !== 'string' || !isUsableSourceName(source)) return undefined
  if (typeof subject !== 'string' || !isUsableId(subject) || attributes.partitionkey !== subject) return undefined
  if (typeof type !== 'string' || !isUsableEventName(type)) return undefined
  if (typeof occurrence !== 'string' || !(occurrence === '' || isUsableId(occurrence))) return undefined
  if (typeof version !== 'string' || typeof time !== 'string' || time !== isoTime(timeOfVersion(version)))
    return undefined
  if (typeof receivedat !== 'string' || receivedat !== isoTime(Date.parse(receivedat))) return undefined
  const headers = headersOf(attributes.webhookheaders)
  if (!headers) return undefined

  const event: WebhookEvent = {
    source,
    order_id: subject,
    event: type,
    occurrence,
    version,
    last_webhook_at: time,
    received_at: receivedat,
    headers,
    body,
  }
  return attributes.id === identityOf(event) ? event : undefined
}

function isoTime(ms: number | undefined): string | undefined {
  return ms === undefined || Number.isNaN(ms) ? undefined : new Date(ms).toISOString()
}

function headersOf(attribute: unknown): Record<string, string> | undefined {
  if (typeof attribute !== 'string') return undefined
  const parsed = parseObject(attribute, ROOT_ONLY)
  if (!parsed.ok) return undefined
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(parsed.value)) {
    if (typeof value !== 'string' || !HEADER_NAME.test(name)) return undefined
    headers[name] = value
  }
  return headers
}
