import type { SourceName } from '@hookline/contracts'

/** One event of an order's life. */
export interface Step {
  readonly event: string
  /** Seconds after the order's start; of equal seconds the rank in the life cycle decides. */
  readonly atSeconds: number
  /** Fields of Points' `order`, of Headless Commerce's `data`, beside the usual ones. */
  readonly says?: Readonly<Record<string, unknown>>
}

export interface LifeCycle {
  readonly source: SourceName
  /** The oldest first. What is terminal comes last of its kind. */
  readonly steps: readonly Step[]
}

const at = (atSeconds: number, event: string, says?: Step['says']): Step => ({
  event,
  atSeconds,
  ...(says && { says }),
})

/** The lives of orders that the senders' pages describe: together they have every event of the catalogue. */
export const LIFE_CYCLES: readonly LifeCycle[] = [
  {
    source: 'points',
    steps: [
      at(0, 'authorized'),
      at(2, 'captured'),
      at(5, 'shipping_status_updated', { status: 'ready_shipping' }),
      at(9, 'shipping_status_updated', { status: 'delivered' }),
      at(20, 'refunded'),
      at(21, 'refunded'),
    ],
  },
  { source: 'points', steps: [at(0, 'authorized'), at(1, 'approved'), at(3, 'cancelled')] },
  { source: 'points', steps: [at(0, 'approved'), at(4, 'completed')] },
  { source: 'points', steps: [at(0, 'approved'), at(3, 'refunded', { order_status: 'fully_refunded' })] },
  { source: 'points', steps: [at(0, 'captured'), at(3, 'auto_refunded')] },
  {
    source: 'hc',
    steps: [
      at(0, 'order.created'),
      at(1, 'order.confirmed'),
      at(2, 'payment.completed'),
      at(3, 'fulfillment.created'),
      at(4, 'fulfillment.shipped'),
      at(5, 'fulfillment.delivered'),
      at(6, 'order.completed'),
    ],
  },
  {
    source: 'hc',
    steps: [
      at(0, 'order.created'),
      at(1, 'order.paid'),
      at(7, 'return.requested'),
      at(8, 'return.completed'),
      at(9, 'payment.refunded'),
    ],
  },
  { source: 'hc', steps: [at(0, 'order.created'), at(1, 'payment.failed'), at(2, 'order.cancelled')] },
]
