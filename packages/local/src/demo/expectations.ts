import type { SourceName } from '../stack-file.ts'
import type { PlannedEvent } from './plan.ts'

export const TARGETS = ['erp', 'wms', 'mail'] as const
export type Target = (typeof TARGETS)[number]

/**
 * What one event must lead to at one target, as docs tell it to people: written down here a second time, so that the
 * demo does not ask the code that it checks.
 */
export interface Expectation {
  readonly target: Target
  /** As the target's ledger names it. */
  readonly effect: string
  /** `latest`: skipped when a newer one was there first. `every`: once, however late. */
  readonly policy: 'latest' | 'every'
  /** It stops the goods, or the mails that release them; nothing newer of the effect may be executed afterwards. */
  readonly terminal?: true
  /** It makes older ones stale, but asks nothing of the target. */
  readonly silent?: true
  /** Several events that are one fact: it is executed once for all of them together. */
  readonly fact?: string
  readonly action?: 'release' | 'hold'
}

const order: Expectation = { target: 'erp', effect: 'order', policy: 'latest' }
const entry: Expectation = { target: 'erp', effect: 'entry', policy: 'every' }
const paid: Expectation = { ...entry, fact: 'paid' }
const release: Expectation = { target: 'wms', effect: 'fulfilment', policy: 'latest', action: 'release' }
const hold: Expectation = { ...release, action: 'hold', terminal: true }
const shipment: Expectation = { target: 'wms', effect: 'shipping', policy: 'latest' }
const returned: Expectation = { target: 'wms', effect: 'return', policy: 'latest' }
const told: Expectation = { target: 'mail', effect: 'status', policy: 'latest' }
const confirmed: Expectation = { ...told, fact: 'confirmed' }
const cancelled: Expectation = { ...told, terminal: true }
const noMoreConfirmed: Expectation = { ...cancelled, silent: true }
const refundNotice: Expectation = { target: 'mail', effect: 'refund', policy: 'every' }
const shippingNotice: Expectation = { target: 'mail', effect: 'shipping', policy: 'latest' }

type Table = Readonly<Record<SourceName, Readonly<Record<string, readonly Expectation[]>>>>

// HC's refunds and fulfilments name no customer: their mails go where the order's own events said.
const TABLE: Table = {
  points: {
    authorized: [order],
    captured: [order, entry, release, confirmed],
    approved: [order, entry, release, confirmed],
    completed: [order, release],
    cancelled: [order, hold, cancelled],
    refunded: [order, entry, refundNotice],
    auto_refunded: [order, entry, hold, refundNotice, noMoreConfirmed],
    shipping_status_updated: [order, shipment, shippingNotice],
  },
  hc: {
    'order.created': [order],
    'order.confirmed': [order, release, confirmed],
    'order.paid': [order, paid, release],
    'order.completed': [order],
    'order.cancelled': [order, hold, cancelled],
    'payment.completed': [order, paid],
    'payment.failed': [order],
    'payment.refunded': [entry, refundNotice],
    'fulfillment.created': [shipment],
    'fulfillment.shipped': [shipment, shippingNotice],
    'fulfillment.delivered': [shipment, shippingNotice],
    'return.requested': [returned],
    'return.completed': [entry, returned],
  },
}

export function expectationsOf({ order: { source }, step }: PlannedEvent): readonly Expectation[] {
  const listed = TABLE[source][step.event]
  if (listed === undefined) throw new Error(`the demo does not know what ${source} ${step.event} must lead to`)
  const fullRefund = step.event === 'refunded' && step.status === 'fully_refunded'
  return fullRefund ? [...listed, hold, noMoreConfirmed] : listed
}

/** HC orders are known from this event on: every other one waits for it. */
export const MAKES_KNOWN = 'order.created'
