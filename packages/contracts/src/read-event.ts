import { digestOfStableFields } from './digest.ts'
import { keptHeaders } from './kept-headers.ts'
import { decidingObjects, type Parsed, parseBytes } from './parse-json.ts'
import { type JsonObject, valueAt } from './path.ts'
import { rankOf } from './rank.ts'
import { quarantine, type ReadResult, type Refused, refused } from './read-result.ts'
import { type EventRule, ruleOf, type SourceCatalogue } from './source-catalogue.ts'
import { MAX_AHEAD_MS, parseInstant } from './time.ts'
import { isUsableEventName, isUsableId } from './usable.ts'
import { formatVersion } from './version.ts'

/** A request whose secret or signature was verified. */
export interface WebhookRequest {
  readonly body: Buffer
  /** As Node gives them: names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** When the ingress had the request, milliseconds since 1970. */
  readonly receivedAt: number
  /** The clock that decides whether an event's time lies ahead, milliseconds since 1970. */
  readonly now: number
  /** Where a store is configured, a body of another store is refused. */
  readonly storeId?: string | undefined
}

/**
 * From a verified request to the event it is, or to the reason why it is none. Nothing of the order's state is needed:
 * the same request gives the same event, but for `received_at` and headers. Never throws for any bytes and headers.
 */
export function readEvent(source: SourceCatalogue, request: WebhookRequest): ReadResult {
  return readParsed(source, parseBody(source, request.body), request)
}

/** The first half of `readEvent`: of a body of 1 MiB each takes up to 20 ms, and other work may run between them. */
export function parseBody(source: SourceCatalogue, body: Buffer): Parsed {
  return parseBytes(body, decidingObjects(source))
}

/** The second half. `parsed`: the request's body, as `parseBody` gives it. */
export function readParsed(source: SourceCatalogue, parsed: Parsed, request: Omit<WebhookRequest, 'body'>): ReadResult {
  if (!parsed.ok) return refused(400, parsed.fault)
  const body = parsed.value

  const event = valueAt(body, source.eventAt)
  if (typeof event !== 'string' || event === '') return refused(400, 'invalid_event')
  if (!isUsableEventName(event)) return refused(422, 'invalid_event')
  if (!agrees(source, request.headers, event)) return refused(400, 'event_mismatch')
  if (request.storeId !== undefined && source.storeAt && valueAt(body, source.storeAt) !== request.storeId) {
    return refused(422, 'store_mismatch')
  }

  const rule = ruleOf(source, event)
  const orderId = orderIdOf(rule, body)
  if (orderId === undefined && rule.withoutOrderId === 'quarantine') return quarantine(200, 'no_order_id')
  if (typeof orderId !== 'string' || orderId === '') return refused(400, 'invalid_order_id')
  if (!isUsableId(orderId)) return refused(422, 'invalid_order_id')

  const eventId = eventIdOf(source, body)
  if (typeof eventId === 'object') return eventId

  const at = parseInstant(valueAt(body, source.timeAt))
  if (!at || at.ms > request.now + MAX_AHEAD_MS) return quarantine(422, 'invalid_time')

  const digest = digestOfStableFields(source, body)
  return {
    kind: 'event',
    event: {
      source: source.source,
      order_id: orderId,
      event,
      occurrence: eventId ?? (rule.mayRepeat ? digest.slice(0, 32) : ''),
      version: formatVersion(at, rankOf(source, rule, body), digest),
      last_webhook_at: new Date(at.ms).toISOString(),
      received_at: new Date(request.receivedAt).toISOString(),
      headers: keptHeaders(request.headers),
      body: parsed.text,
    },
  }
}

/** A source that names the event in a header as well must name the same; the header may be absent. */
function agrees(source: SourceCatalogue, headers: WebhookRequest['headers'], event: string): boolean {
  const named = source.eventHeader === undefined ? undefined : headers[source.eventHeader]
  if (named === undefined) return true
  return typeof named === 'string' ? named === event : named.every(name => name === event)
}

/** The first of the rule's places that has something; null counts as nothing there. */
function orderIdOf(rule: EventRule, body: JsonObject): unknown {
  for (const path of rule.orderIdAt) {
    const found = valueAt(body, path)
    if (found !== undefined && found !== null) return found
  }
  return undefined
}

/** The sender's own id of the event; undefined where the source has none. */
function eventIdOf(source: SourceCatalogue, body: JsonObject): string | undefined | Refused {
  if (source.occurrence.from !== 'event_id') return undefined
  const id = valueAt(body, source.occurrence.at)
  if (typeof id !== 'string' || id === '') return refused(400, 'invalid_event_id')
  return isUsableId(id) ? id : refused(422, 'invalid_event_id')
}
