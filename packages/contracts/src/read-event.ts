import type { ReadResult } from './read-result.ts'
import type { SourceCatalogue } from './source-catalogue.ts'

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

/** From a verified request to the event it is. Never throws, whatever the bytes and headers are. */
export function readEvent(_source: SourceCatalogue, _request: WebhookRequest): ReadResult {
  throw new Error('not written yet')
}
