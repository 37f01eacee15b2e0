import type { WebhookEvent } from './webhook-event.ts'

/** Why a request is refused. Nothing of it reaches the source's topic. */
export type RefusedCode =
  | 'not_utf8'
  | 'not_json'
  | 'not_an_object'
  | 'too_deep'
  | 'too_many_values'
  | 'number_out_of_range'
  | 'duplicate_key'
  | 'forbidden_key'
  | 'invalid_event'
  | 'event_mismatch'
  | 'invalid_event_id'
  | 'invalid_order_id'
  | 'store_mismatch'

/** Why a request is kept in quarantine instead: `no_order_id` is acknowledged, `invalid_time` is answered 422. */
export type QuarantineCode = 'no_order_id' | 'invalid_time'

/** 400: not well formed. 422: well formed, and not usable. */
export interface Refused {
  readonly kind: 'refused'
  readonly status: 400 | 422
  readonly code: RefusedCode
  /** A fixed sentence; never holds a part of the request. */
  readonly message: string
}

export interface Quarantine {
  readonly kind: 'quarantine'
  readonly status: 200 | 422
  readonly code: QuarantineCode
  /** A fixed sentence; never holds a part of the request. */
  readonly message: string
}

export type ReadResult = { readonly kind: 'event'; readonly event: WebhookEvent } | Quarantine | Refused

const REASONS: Readonly<Record<RefusedCode | QuarantineCode, string>> = {
  not_utf8: 'The body is not valid UTF-8.',
  not_json: 'The body is not JSON.',
  not_an_object: 'The body is not one JSON object.',
  too_deep: 'The body is nested more than 32 levels deep.',
  too_many_values: 'The body has too many values.',
  number_out_of_range: 'The body has a number that no double can hold.',
  duplicate_key: 'The body has a key twice in an object that decides what the event is.',
  forbidden_key: 'The body has a key that no event may have.',
  invalid_event: 'The event name is missing or not usable.',
  event_mismatch: 'The event named in the header is not that of the body.',
  invalid_event_id: 'The event id is missing or not usable.',
  invalid_order_id: 'The order id is missing or not usable.',
  store_mismatch: 'The event is not of the configured store.',
  no_order_id: 'The event names no order; it is kept in quarantine.',
  invalid_time: "The event's time is not one exact instant from 2000 on and at most five minutes ahead.",
}

export function refused(status: Refused['status'], code: RefusedCode): Refused {
  return { kind: 'refused', status, code, message: REASONS[code] }
}

export function quarantine(status: Quarantine['status'], code: QuarantineCode): Quarantine {
  return { kind: 'quarantine', status, code, message: REASONS[code] }
}
