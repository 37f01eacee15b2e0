import { createHmac, randomUUID } from 'node:crypto'
import type { SourceName, StackInfo } from '../../src/stack-file.ts'

/** One webhook as its sender makes it, byte for byte: a retry is the same object. */
export interface Webhook {
  readonly source: SourceName
  readonly orderId: string
  readonly event: string
  /** The event's own time, milliseconds since 1970. */
  readonly atMs: number
  readonly body: string
}

export interface WebhookFacts {
  readonly orderId: string
  readonly event: string
  readonly atMs: number
  /** What this event says beside the usual: fields of Points' `order`, of Headless Commerce's `data`. */
  readonly says?: Readonly<Record<string, unknown>>
}

/** In every body: no log may show it. */
export const PRIVATE_NOTE = 'a private word of the shopper'
export const MAIL_DOMAIN = 'shopper.example'

/** When the orders of these tests begin: a whole second, some minutes ago. */
export const START_MS = Math.floor(Date.now() / 1_000) * 1_000 - 600_000

const POINTS_STATUS: Readonly<Record<string, string>> = {
  authorized: 'authorized',
  captured: 'captured',
  cancelled: 'cancelled',
  refunded: 'partially_refunded',
  auto_refunded: 'fully_refunded',
}

const HC_ORDER_EVENT = /^order\.|^payment\.(completed|failed)$/

export function newOrderId(): string {
  return randomUUID()
}

/** Points: times have whole seconds, and the order comes with every event. */
export function points({ orderId, event, atMs, says = {} }: WebhookFacts): Webhook {
  const order = {
    id: orderId,
    reference_number: null,
    order_number: `N-${orderId.slice(0, 8)}`,
    type: 'earning',
    total_price: 125.5,
    total_points: 251,
    payment_status: 'fully_paid',
    order_status: POINTS_STATUS[event] ?? 'approved',
    metadata: { email: `${orderId}@${MAIL_DOMAIN}`, note: PRIVATE_NOTE },
    created_at: seconds(START_MS),
    updated_at: seconds(START_MS),
    ...(event === 'shipping_status_updated' && { status: 'ready_shipping' }),
    ...says,
  }
  const body = JSON.stringify({ event, order, timestamp: seconds(atMs) })
  return { source: 'points', orderId, event, atMs, body }
}

/** Headless Commerce: an event has an id, and what is not about the order itself names the order. */
export function hc({ orderId, event, atMs, says = {} }: WebhookFacts): Webhook {
  const own = HC_ORDER_EVENT.test(event) ? { id: orderId } : { id: `part-${orderId.slice(0, 8)}`, order_id: orderId }
  const data = { ...own, status: event, email: `${orderId}@${MAIL_DOMAIN}`, metadata: { note: PRIVATE_NOTE }, ...says }
  const created_at = new Date(atMs).toISOString()
  const body = JSON.stringify({ id: `evt_${randomUUID()}`, type: event, created_at, data, store_id: 'store_1' })
  return { source: 'hc', orderId, event, atMs, body }
}

/** What proves where a webhook comes from. */
export function credentialOf({ source, body }: Webhook, { sources }: StackInfo): string {
  const { secret } = sources[source]
  return source === 'points' ? secret : createHmac('sha256', secret).update(body).digest('hex')
}

function seconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`
}
