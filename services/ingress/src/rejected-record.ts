import { keptHeaders } from '@hookline/contracts'

export interface RejectedRequest {
  readonly source: string
  /** Why it was not handled: a quarantine code of the contracts, or a verifier's verdict. */
  readonly reason: string
  /** False: anybody may have sent it. */
  readonly verified: boolean
  /** Of the secret that it was made with, where it is one of ours. */
  readonly secretId?: string
  readonly requestId: string
  /** Milliseconds since 1970. */
  readonly receivedAt: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
}

export interface RejectedRecord {
  readonly key: string
  readonly value: Buffer
  readonly headers: Readonly<Record<string, string>>
}

/**
 * A request in quarantine: the value is its body's bytes, cut after `maxBytes`, and Kafka's record headers say the
 * rest. The secret or signature is not kept.
 */
export function rejectedRecord(request: RejectedRequest, maxBytes: number): RejectedRecord {
  const { source, reason, verified, secretId, requestId, receivedAt, headers, body } = request
  return {
    // no order to keep in order: the request id spreads them over the partitions
    key: requestId,
    // copied where it is cut, or the part would hold the whole in memory
    value: body.length > maxBytes ? Buffer.from(body.subarray(0, maxBytes)) : body,
    headers: {
      source,
      reason,
      verified: `${verified}`,
      ...(secretId === undefined ? {} : { secret_id: secretId }),
      request_id: requestId,
      received_at: new Date(receivedAt).toISOString(),
      body_bytes: `${body.length}`,
      request_headers: JSON.stringify(keptHeaders(headers)),
    },
  }
}
