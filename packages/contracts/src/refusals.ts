import { MAX_DEPTH, MAX_VALUES } from './scan-json.ts'
import type { SourceCatalogue } from './source-catalogue.ts'

/** What a verified request is answered for what its body says, where that is no event to handle. */
export interface Refusal {
  readonly status: 200 | 400 | 422
  readonly code: string
  /** For the sender's support: what is wrong, and what to do. A fixed text; never holds a part of the request. */
  readonly message: string
}

const USABLE_ID = '1 to 128 of A-Z, a-z, 0-9, full stop, colon, hyphen and underscore'

/** All that `readEvent` may answer. */
export const REFUSALS = [
  {
    status: 200,
    code: 'no_order_id',
    message: 'The event names no order. It is stored in quarantine, for a person to look at; do not send it again.',
  },
  { status: 400, code: 'not_utf8', message: 'The body is not valid UTF-8. Send JSON in UTF-8.' },
  {
    status: 400,
    code: 'not_json',
    message: 'The body is not JSON: it is empty, cut off, or has something before or after it. Send one JSON object.',
  },
  { status: 400, code: 'not_an_object', message: 'The body is JSON, but not an object. Send one JSON object.' },
  {
    status: 400,
    code: 'too_deep',
    message: `The body is nested more than ${MAX_DEPTH} levels deep. Send it with fewer levels.`,
  },
  {
    status: 400,
    code: 'too_many_values',
    message: `The body has more than ${MAX_VALUES.toLocaleString('en')} values. Send fewer in one webhook.`,
  },
  {
    status: 400,
    code: 'number_out_of_range',
    message: 'The body has a number that no double can hold, such as 1e400. Send it as text.',
  },
  {
    status: 400,
    code: 'duplicate_key',
    message: 'The body has a key twice in an object that decides what the event is. Send each key once.',
  },
  {
    status: 400,
    code: 'forbidden_key',
    message: 'The body has the key __proto__ or constructor.prototype, or prototype inside constructor. Leave it out.',
  },
  { status: 400, code: 'invalid_event', message: 'The event name is missing, empty or not text. Name the event.' },
  {
    status: 422,
    code: 'invalid_event',
    message:
      'The event name is not usable. Send a lower-case letter, then at most 63 of a-z, 0-9, full stop and underscore.',
  },
  {
    status: 400,
    code: 'event_mismatch',
    message: 'The header names another event than the body. Send the same name in both, or no such header.',
  },
  {
    status: 422,
    code: 'store_mismatch',
    message: 'The event is of another store than the one received here. Check the URL of the webhook.',
  },
  {
    status: 400,
    code: 'invalid_order_id',
    message: 'The order id is missing, empty or not text. Send the id of the order that the event is about.',
  },
  { status: 422, code: 'invalid_order_id', message: `The order id is not usable. Send ${USABLE_ID}.` },
  {
    status: 400,
    code: 'invalid_event_id',
    message: 'The event id is missing, empty or not text. Send the id that the event has in every attempt.',
  },
  { status: 422, code: 'invalid_event_id', message: `The event id is not usable. Send ${USABLE_ID}.` },
  {
    status: 422,
    code: 'invalid_time',
    message:
      "The event's time is not one exact instant from 2000 on and at most five minutes ahead. Send it with its zone, " +
      'as in 2026-03-01T10:00:00Z, by a clock that is right.',
  },
] as const satisfies readonly Refusal[]

/** Those that a request of this source may be answered. */
export function refusalsOf(source: SourceCatalogue): readonly Refusal[] {
  const rules = [...Object.values(source.events), ...source.families.map(({ rule }) => rule), source.unknown]
  const never = new Set<string>([
    ...(source.eventHeader === undefined ? ['event_mismatch'] : []),
    ...(source.storeAt === undefined ? ['store_mismatch'] : []),
    ...(source.occurrence.from === 'event_id' ? [] : ['invalid_event_id']),
    ...(rules.some(({ withoutOrderId }) => withoutOrderId === 'quarantine') ? [] : ['no_order_id']),
  ])
  return REFUSALS.filter(({ code }) => !never.has(code))
}
