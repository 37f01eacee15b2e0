import type { SourceName } from '../stack-file.ts'

/** One event in the life of an order, as its sender tells it. */
export interface Step {
  readonly event: string
  /** The order's status after it: Points `order_status`, HC `data.status`. */
  readonly status: string
  /** The fulfilment or the return that it is about, where the order has several. */
  readonly part?: string
  /** That one's own status. */
  readonly partStatus?: string
  /** It may happen within the very second of the step before. */
  readonly atOnce?: true
}

/** What happens to an order, the oldest step first. */
export interface LifeCycle {
  readonly name: string
  readonly source: SourceName
  /** How common it is among the orders of its sender. */
  readonly weight: number
  readonly steps: readonly Step[]
  /** Its deliveries come in the order in which they happened: another order would be another outcome. */
  readonly inOrder?: true
}

const points = (event: string, status: string, more: Partial<Step> = {}): Step => ({ event, status, ...more })

const shipping = (status: string, partStatus: string, more: Partial<Step> = {}): Step =>
  points('shipping_status_updated', status, { partStatus, ...more })

const hc = (event: string, status: string, more: Partial<Step> = {}): Step => ({ event, status, ...more })

const parcel = (part: string, partStatus: string, more: Partial<Step> = {}): Step =>
  hc(`fulfillment.${partStatus}`, 'paid', { part, partStatus, ...more })

const sentBack = (partStatus: string): Step => hc(`return.${partStatus}`, 'completed', { part: 'ret', partStatus })

const AT_ONCE = { atOnce: true } as const

const paidInHc = [
  hc('order.created', 'created'),
  hc('order.confirmed', 'confirmed', AT_ONCE),
  hc('payment.completed', 'paid', AT_ONCE),
]

export const LIFE_CYCLES: readonly LifeCycle[] = [
  { name: 'points earned', source: 'points', weight: 4, steps: [points('approved', 'approved')] },
  {
    name: 'checkout in two steps',
    source: 'points',
    weight: 5,
    steps: [
      points('authorized', 'authorized'),
      points('captured', 'captured', AT_ONCE),
      shipping('captured', 'ready_shipping'),
      shipping('captured', 'delivery_is_in_progress'),
      shipping('captured', 'delivered'),
      points('completed', 'captured', AT_ONCE),
    ],
  },
  {
    name: 'checkout, shipped',
    source: 'points',
    weight: 5,
    steps: [
      points('approved', 'approved'),
      shipping('approved', 'ready_shipping', AT_ONCE),
      shipping('approved', 'delivered'),
      points('completed', 'approved'),
    ],
  },
  {
    name: 'captured and approved',
    source: 'points',
    weight: 2,
    steps: [
      points('authorized', 'authorized'),
      points('captured', 'captured'),
      points('approved', 'approved', AT_ONCE),
    ],
  },
  {
    name: 'refunded bit by bit',
    source: 'points',
    weight: 3,
    steps: [
      points('approved', 'approved'),
      points('refunded', 'partially_refunded', AT_ONCE),
      points('refunded', 'partially_refunded'),
      points('refunded', 'fully_refunded'),
    ],
  },
  {
    name: 'refunded in part, then shipped',
    source: 'points',
    weight: 2,
    steps: [
      points('approved', 'approved'),
      points('refunded', 'partially_refunded'),
      shipping('partially_refunded', 'delivered'),
    ],
  },
  {
    name: 'cancelled before the capture',
    source: 'points',
    weight: 2,
    steps: [points('authorized', 'authorized'), points('cancelled', 'cancelled', AT_ONCE)],
  },
  {
    name: 'cancelled after the approval',
    source: 'points',
    weight: 4,
    steps: [
      points('approved', 'approved'),
      points('cancelled', 'cancelled', AT_ONCE),
      shipping('cancelled', 'cancelled'),
    ],
  },
  {
    name: 'reversed by Points',
    source: 'points',
    weight: 1,
    steps: [
      points('authorized', 'authorized'),
      points('captured', 'captured'),
      points('auto_refunded', 'fully_refunded'),
    ],
  },
  {
    name: 'delivered',
    source: 'hc',
    weight: 6,
    steps: [
      ...paidInHc,
      parcel('ful', 'created'),
      parcel('ful', 'shipped'),
      parcel('ful', 'delivered'),
      hc('order.completed', 'completed', AT_ONCE),
    ],
  },
  {
    name: 'delivered in two parcels, and both payment events are subscribed to',
    source: 'hc',
    weight: 4,
    steps: [
      ...paidInHc,
      hc('order.paid', 'paid'),
      parcel('ful_a', 'created'),
      parcel('ful_b', 'created'),
      parcel('ful_a', 'shipped'),
      parcel('ful_b', 'shipped'),
      parcel('ful_b', 'delivered'),
      parcel('ful_a', 'delivered'),
      hc('order.completed', 'completed'),
    ],
  },
  {
    name: 'payment failed',
    source: 'hc',
    weight: 2,
    steps: [
      hc('order.created', 'created'),
      hc('payment.failed', 'created', AT_ONCE),
      hc('order.cancelled', 'cancelled', AT_ONCE),
    ],
  },
  {
    name: 'sent back',
    source: 'hc',
    weight: 3,
    steps: [
      ...paidInHc,
      parcel('ful', 'shipped'),
      parcel('ful', 'delivered'),
      sentBack('requested'),
      sentBack('completed'),
      hc('payment.refunded', 'completed', AT_ONCE),
    ],
  },
  {
    name: 'cancelled after the payment',
    source: 'hc',
    weight: 3,
    steps: [...paidInHc, hc('order.cancelled', 'cancelled'), hc('payment.refunded', 'cancelled')],
  },
]

/** A merchant approves what was cancelled before: the goods stay held until a person decides. */
export const APPROVED_AFTER_CANCELLATION: LifeCycle = {
  name: 'approved after its cancellation',
  source: 'points',
  weight: 0,
  steps: [points('authorized', 'authorized'), points('cancelled', 'cancelled'), points('approved', 'approved')],
  inOrder: true,
}
