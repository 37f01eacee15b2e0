import { keptHeaders } from '@hookline/contracts'
import type { Evidence } from '../verifiers/evidence.ts'

/** A request that is kept instead of handled. */
export interface RejectedRequest {
  readonly source: string
  /** Why it was not handled: a quarantine code of the contracts, or a verifier's failure. */
  readonly reason: string
  /** False: anybody may have sent it. */
  readonly verified: boolean
  /** Of the secret that it was made with, where it is one of ours. */
  readonly secretId?: string
  readonly requestId: string
  /** Milliseconds since 1970. */
  readonly receivedAt: number
  /** Those that are kept, names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** In place of its credential; none where it had none, or its body is cut. */
  readonly proofs: readonly string[]
  /** As it came, perhaps cut. */
  readonly body: Buffer
  /** Of the whole body. */
  readonly bodyBytes: number
}

/** A request as it came. `headers`: as Node gives them. `evidence`: of one that was not verified. */
export interface ReceivedRequest
  extends Pick<RejectedRequest, 'source' | 'reason' | 'verified' | 'secretId' | 'requestId' | 'receivedAt' | 'body'> {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly evidence?: Evidence
}

/** A record of the quarantine's topic. */
export interface RejectedRecord {
  readonly key: string
  readonly value: Buffer
  readonly headers: Readonly<Record<string, string>>
}

/** What is kept of a request: its body up to `maxBytes`, some headers, and no secret or signature. */
export function rejectedRequest(received: ReceivedRequest, maxBytes: number): RejectedRequest {
  const { headers, evidence, body, ...rest } = received
  const cut = body.length > maxBytes
  return {
    ...rest,
    headers: { ...evidence?.headers, ...keptHeaders(headers) },
    proofs: cut ? [] : (evidence?.proofs ?? []),
    // copied where it is cut, or the part would hold the whole in memory
    body: cut ? Buffer.from(body.subarray(0, maxBytes)) : body,
    bodyBytes: body.length,
  }
}

/** The value is the body's bytes, and Kafka's record headers say the rest. */
export function rejectedRecord(request: RejectedRequest): RejectedRecord {
  const { source, reason, verified, secretId, requestId, receivedAt, headers, proofs, body, bodyBytes } = request
  return {
    // no order to keep in order: the request id spreads them over the partitions, and brings a release mark to its request
    key: requestId,
    value: body,
    headers: {
      source,
      reason,
      verified: `${verified}`,
      ...(secretId === undefined ? {} : { secret_id: secretId }),
      request_id: requestId,
      received_at: new Date(receivedAt).toISOString(),
      body_bytes: `${bodyBytes}`,
      request_headers: JSON.stringify(headers),
      ...(proofs.length === 0 ? {} : { proof: proofs.join(',') }),
    },
  }
}
