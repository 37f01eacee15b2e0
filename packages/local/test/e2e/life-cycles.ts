import type { SourceName } from '../../src/stack-file.ts'
import type { Target } from './targets.ts'

/** `sends: false`: the effect takes note of the event, but there is nothing to ask of the target. */
export interface Effect {
  readonly target: Target
  readonly name: string
  readonly policy: 'latest' | 'every'
  readonly sends?: false
  /** Happens once per order under this name, whichever of its events comes first. */
  readonly once?: string
}

const erpOrder: Effect = { target: 'erp', name: 'order', policy: 'latest' }
const entry: Effect = { target: 'erp', name: 'entry', policy: 'every' }
const paid: Effect = { ...entry, once: 'paid' }
const fulfilment: Effect = { target: 'wms', name: 'fulfilment', policy: 'latest' }
const shipping: Effect = { target: 'wms', name: 'shipping', policy: 'latest' }
const returned: Effect = { target: 'wms', name: 'return', policy: 'latest' }
const status: Effect = { target: 'mail', name: 'status', policy: 'latest' }
const refund: Effect = { target: 'mail', name: 'refund', policy: 'every' }
const shipped: Effect = { target: 'mail', name: 'shipping', policy: 'latest' }

/** What each event is to lead to, as the merchant was promised; not what the services declare. */
export const EFFECTS: Readonly<Record<SourceName, Readonly<Record<string, readonly Effect[]>>>> = {
  points: {
    authorized: [erpOrder],
    captured: [erpOrder, entry, fulfilment, status],
    approved: [erpOrder, entry, fulfilment, status],
    completed: [erpOrder, fulfilment],
    cancelled: [erpOrder, fulfilment, status],
    refunded: [erpOrder, entry, refund],
    auto_refunded: [erpOrder, entry, fulfilment, refund, { ...status, sends: false }],
    shipping_status_updated: [erpOrder, shipping, shipped],
  },
  hc: {
    'order.created': [erpOrder],
    'order.confirmed': [erpOrder, fulfilment, status],
    'order.paid': [erpOrder, paid, fulfilment],
    'order.completed': [erpOrder],
    'order.cancelled': [erpOrder, fulfilment, status],
    'payment.completed': [erpOrder, paid],
    'payment.failed': [erpOrder],
    'payment.refunded': [entry, refund],
    'fulfillment.created': [shipping],
    'fulfillment.shipped': [shipping, shipped],
    'fulfillment.delivered': [shipping, shipped],
    'return.requested': [returned],
    'return.completed': [entry, returned],
  },
}

export interface LifeCycle {
  readonly source: SourceName
  /** Events with their seconds after the order's start, the oldest first; of equal seconds the life cycle decides. */
  readonly events: readonly (readonly [event: string, atSeconds: number])[]
}

export const LIFE_CYCLES: readonly LifeCycle[] = [
  {
    source: 'points',
    events: [
      ['authorized', 0],
      ['captured', 0],
      ['shipping_status_updated', 5],
      ['shipping_status_updated', 9],
      ['refunded', 20],
      ['refunded', 21],
    ],
  },
  {
    source: 'points',
    events: [
      ['authorized', 0],
      ['approved', 0],
      ['shipping_status_updated', 1],
      ['cancelled', 1],
    ],
  },
  {
    source: 'points',
    events: [
      ['approved', 0],
      ['shipping_status_updated', 4],
      ['completed', 4],
    ],
  },
  {
    source: 'points',
    events: [
      ['approved', 0],
      ['auto_refunded', 3],
    ],
  },
  {
    source: 'hc',
    events: [
      ['order.created', 0],
      ['order.confirmed', 1],
      ['payment.completed', 1],
      ['fulfillment.created', 2],
      ['fulfillment.shipped', 3],
      ['fulfillment.delivered', 4],
      ['order.completed', 5],
    ],
  },
  {
    source: 'hc',
    events: [
      ['order.created', 0],
      ['order.paid', 0],
      ['payment.completed', 2],
      ['return.requested', 7],
      ['return.completed', 8],
      ['payment.refunded', 9],
    ],
  },
  {
    source: 'hc',
    events: [
      ['order.created', 0],
      ['payment.failed', 1],
      ['order.cancelled', 2],
    ],
  },
]
