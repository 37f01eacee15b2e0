import { randomUUID } from 'node:crypto'
import type { SourceName } from '@hookline/contracts'
import type { Step } from './life-cycles.ts'

/** What the senders would post about one step of an order's life. */
export interface Happening {
  readonly source: SourceName
  readonly orderId: string
  readonly step: Step
  /** When the order's life began, milliseconds since 1970, a whole second. */
  readonly bornMs: number
}

const DAY_MS = 86_400_000

const POINTS_STATUS: Readonly<Record<string, string>> = {
  authorized: 'authorized',
  captured: 'captured',
  cancelled: 'cancelled',
  refunded: 'partially_refunded',
  auto_refunded: 'fully_refunded',
}

const HC_ABOUT_THE_ORDER = /^order\.|^payment\.(completed|failed)$/

/** The body's text: made once and kept, as a sender's retry is the same bytes. */
export function bodyOf(happening: Happening): string {
  return JSON.stringify(happening.source === 'points' ? pointsBody(happening) : hcBody(happening))
}

/** The event's own time as its sender writes it. */
export function timestampOf({ source, step, bornMs }: Happening): string {
  const iso = new Date(bornMs + step.atSeconds * 1_000).toISOString()
  return source === 'points' ? `${iso.slice(0, 19)}Z` : iso
}

function pointsBody(happening: Happening): object {
  const { orderId, step, bornMs } = happening
  // no event's own time: a request shows by it which event it is about
  const yesterday = `${new Date(bornMs - DAY_MS).toISOString().slice(0, 19)}Z`
  const order = {
    id: orderId,
    reference_number: `REF-${orderId.slice(0, 8)}`,
    order_number: `N-${orderId.slice(0, 8)}`,
    type: 'earning',
    total_price: 125.5,
    total_points: 251,
    payment_status: 'fully_paid',
    order_status: POINTS_STATUS[step.event] ?? 'approved',
    metadata: { email: customerOf(orderId) },
    created_at: yesterday,
    updated_at: yesterday,
    ...step.says,
  }
  return { event: step.event, order, timestamp: timestampOf(happening) }
}

function hcBody(happening: Happening): object {
  const { orderId, step } = happening
  return {
    id: `evt_${randomUUID()}`,
    type: step.event,
    created_at: timestampOf(happening),
    data: { ...hcSubject(orderId, step.event), ...step.says },
    store_id: 'store_conformance',
  }
}

function hcSubject(orderId: string, event: string): object {
  const total = { amount: 125.5, currency: 'SAR' }
  const customer = { email: customerOf(orderId), language: 'en' }
  if (HC_ABOUT_THE_ORDER.test(event))
    return { id: orderId, number: orderId.slice(0, 8), status: event, total, customer }
  const [subject = ''] = event.split('.')
  const id = `${subject}_${orderId.slice(0, 8)}`
  return { id, order_id: orderId, status: event, amount: total, refund: { amount: total }, customer }
}

function customerOf(orderId: string): string {
  return `${orderId.slice(0, 8)}@shopper.example`
}
