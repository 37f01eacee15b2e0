import { REFUSALS } from './refusals.ts'
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

/** The compiler takes no pair of status and code that is not among `REFUSALS`. */
type StatusOf<Code extends string> = Extract<(typeof REFUSALS)[number], { code: Code }>['status']

export function refused<Code extends RefusedCode>(status: StatusOf<Code> & Refused['status'], code: Code): Refused {
  return { kind: 'refused', status, code, message: messageOf(status, code) }
}

export function quarantine<Code extends QuarantineCode>(
  status: StatusOf<Code> & Quarantine['status'],
  code: Code,
): Quarantine {
  return { kind: 'quarantine', status, code, message: messageOf(status, code) }
}

function messageOf(status: number, code: string): string {
  return REFUSALS.find(one => one.status === status && one.code === code)?.message ?? ''
}
