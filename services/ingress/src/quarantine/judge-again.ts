import { encodeRecord, readEvent } from '@hookline/contracts'
import type { EncodedRecord, QuarantineCode, RefusedCode } from '@hookline/contracts'
import { withMarks } from '../event-marks.ts'
import type { JudgingSource } from './judging-sources.ts'
import type { RejectedRequest } from './record.ts'

/** What has become of a request in quarantine, with the secrets and the code of today. */
export type Judged =
  /** The webhook that it would be now; `record` is for `topic`. */
  | {
      readonly kind: 'releasable'
      readonly topic: string
      readonly record: EncodedRecord
      readonly orderId: string
      readonly event: string
      readonly version: string
      readonly secretId: string | undefined
    }
  /** Still not. `reason`: the verifier's failure; where it had no credential to keep a proof of, the failure of then. */
  | { readonly kind: 'not_verified'; readonly reason: string; readonly secretId?: string }
  /** It must be verified, and there is no secret of its source. */
  | { readonly kind: 'no_secret' }
  /** Verified, and the ingress would refuse it. */
  | { readonly kind: 'refused'; readonly code: RefusedCode; readonly message: string }
  /** Verified, and the ingress would keep it again. */
  | { readonly kind: 'still_kept'; readonly code: QuarantineCode; readonly message: string }
  /** Only a part of its body is kept. */
  | { readonly kind: 'cut' }
  /** No source of that name is declared any more. */
  | { readonly kind: 'unknown_source' }

export interface JudgeAgainOptions {
  readonly sources: readonly JudgingSource[]
  /** Milliseconds since 1970. */
  readonly now: number
}

/** The normal path once more: verified, then read. Nothing that does not verify is ever releasable. Never throws. */
export function judgeAgain(rejected: RejectedRequest, { sources, now }: JudgeAgainOptions): Judged {
  const source = sources.find(({ catalogue }) => catalogue.source === rejected.source)
  if (source === undefined) return { kind: 'unknown_source' }
  if (rejected.body.length < rejected.bodyBytes) return { kind: 'cut' }

  const { catalogue, storeId } = source
  const verified = verifiedAgain(rejected, source, now)
  if (verified.kind !== 'verified') return verified

  const { body, headers, receivedAt } = rejected
  const read = readEvent(catalogue, { body, headers, receivedAt, now, storeId })
  switch (read.kind) {
    case 'event': {
      const { secretId } = verified
      const event = withMarks(read.event, { secretId, releasedAt: now })
      const { topic } = catalogue
      const { order_id: orderId, event: name, version } = event
      return { kind: 'releasable', topic, record: encodeRecord(event), orderId, event: name, version, secretId }
    }
    case 'quarantine':
      return { kind: 'still_kept', code: read.code, message: read.message }
    case 'refused':
      return { kind: 'refused', code: read.code, message: read.message }
  }
}

type Verified = { readonly kind: 'verified'; readonly secretId: string | undefined }

function verifiedAgain(
  rejected: RejectedRequest,
  { verifyAgain }: JudgingSource,
  now: number,
): Verified | Extract<Judged, { kind: 'not_verified' | 'no_secret' }> {
  if (rejected.verified) return { kind: 'verified', secretId: rejected.secretId }
  if (verifyAgain === undefined) return { kind: 'no_secret' }
  if (rejected.proofs.length === 0) return { kind: 'not_verified', reason: rejected.reason }
  const verdict = verifyAgain(rejected, now)
  return verdict.kind === 'verified' ? verdict : { ...verdict, kind: 'not_verified' }
}
