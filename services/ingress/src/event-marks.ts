import type { WebhookEvent } from '@hookline/contracts'

/** Which secret let it in. */
const SECRET_ID = 'x-hookline-secret-id'
/** When it was released from quarantine; events that were never in it have none. */
const RELEASED_AT = 'x-hookline-released-at'

export interface EventMarks {
  readonly secretId?: string | undefined
  /** Milliseconds since 1970. */
  readonly releasedAt?: number
}

/** What we say of an event, beside the headers that are kept with it. No request can set these: they are never kept. */
export function withMarks(event: WebhookEvent, { secretId, releasedAt }: EventMarks): WebhookEvent {
  const marks = {
    ...(secretId !== undefined && { [SECRET_ID]: secretId }),
    ...(releasedAt !== undefined && { [RELEASED_AT]: new Date(releasedAt).toISOString() }),
  }
  return { ...event, headers: { ...event.headers, ...marks } }
}
