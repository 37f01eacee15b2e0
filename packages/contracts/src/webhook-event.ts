/**
 * One thing that happened to one order, as it is in Kafka, in the inbox and in a handler. The field names are those
 * that are stored and sent. Every event in the system was made by `readEvent` or checked by `decodeRecord`.
 */
export interface WebhookEvent {
  /** The sender: `points`, `hc`, or another one's catalogue name. */
  readonly source: string
  /** `[A-Za-z0-9_.:-]{1,128}`. The id of the resource itself where the event is about no order (HC `product.*`). */
  readonly order_id: string
  /** The sender's name for what happened, such as `approved` or `order.created`. */
  readonly event: string
  /** The third part of the identity where an event may repeat; empty where it happens once for an order. */
  readonly occurrence: string
  /** K: `ts(13 digits).sub(10 digits).rank(2 digits).h(16 hex)`. Compared as text: higher is newer. */
  readonly version: string
  /** The event's own time, ISO-8601 UTC with milliseconds: the first part of the version for people to read. */
  readonly last_webhook_at: string
  /** When the ingress had the request, ISO-8601 UTC with milliseconds, by the ingress's clock. */
  readonly received_at: string
  /** Headers of the request that hold no secret and no signature, names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** The request's body, byte for byte once encoded as UTF-8: one JSON object. */
  readonly body: string
}

/**
 * What makes two deliveries the same event: source, order id, event and, where there is one, occurrence, joined by
 * `/`, which none of them may contain. It is the `id` of the CloudEvents record.
 */
export function identityOf(event: Pick<WebhookEvent, 'source' | 'order_id' | 'event' | 'occurrence'>): string {
  const once = `${event.source}/${event.order_id}/${event.event}`
  return event.occurrence === '' ? once : `${once}/${event.occurrence}`
}
