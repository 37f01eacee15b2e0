import type { QuarantineCode } from '@hookline/contracts'
import type { Failure } from '@hookline/ingress/quarantine'

type Reason = Failure | QuarantineCode

/** Why a request is in quarantine. */
export const REASONS: Readonly<Record<Reason, string>> = {
  missing: 'it had no secret or signature',
  repeated: 'it had a secret or signature twice',
  malformed: 'its signature had not the form of one',
  mismatch: 'its secret or signature was none of ours',
  expired: 'it was made with a secret of ours that was over',
  not_yet_valid: 'it was made with a secret of ours that was not valid yet',
  too_old: 'its own stamp was too old when it came',
  too_new: 'its own stamp was ahead of our clock when it came',
  no_order_id: 'it names no order; it was acknowledged',
  invalid_time: "its event's time was not one exact instant, or lay ahead; it was answered 422",
}

export function isReason(text: string): text is Reason {
  return Object.hasOwn(REASONS, text)
}

/** Of a reason that an ingress of another version gave: the reason itself. */
export function reasonText(reason: string): string {
  return isReason(reason) ? REASONS[reason] : reason
}
