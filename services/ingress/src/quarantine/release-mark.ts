import type { RejectedRecord } from './record.ts'

/** That a request was released, as lists show it. */
export interface Release {
  readonly source: string
  readonly requestId: string
  /** Milliseconds since 1970. */
  readonly releasedAt: number
  /** Where its event went. */
  readonly topic: string
  readonly orderId: string
}

/** To be put into the quarantine's topic once the event is stored. It has no body. */
export function releaseMark({ source, requestId, releasedAt, topic, orderId }: Release): RejectedRecord {
  return {
    key: requestId,
    value: Buffer.alloc(0),
    headers: {
      source,
      request_id: requestId,
      released_at: new Date(releasedAt).toISOString(),
      topic,
      order_id: orderId,
    },
  }
}
