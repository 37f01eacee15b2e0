import type { WebhookEvent } from '@hookline/contracts'
import type { Random } from '@hookline/local'
import { eventOf, LIVES, plainOrder } from './points-orders.ts'

const STEP_MS = 300_000
const OPEN_ORDERS = 1_000
/** A prime, and about 0.618 of it: the ids of orders that come one after another lie far apart, and none comes twice. */
export const [IDS, STRIDE] = [2_147_483_647, 1_327_217_885]
/** Makes ids as long as those of Points. */
export const ID_END = '-4000-a000-000000000000000'
/** Before it is cut off: so that all numbers have eleven digits. */
export const TEN_DIGITS = 10_000_000_000

/** The events of one order. */
export type Life = readonly WebhookEvent[]

/** An order of each life cycle, as often as it comes. */
export function lives(random: Random, nowMs: number): readonly Life[] {
  return LIVES.map(cycle => {
    const order = plainOrder(random, nowMs, cycle)
    return cycle.steps.map((step, n) => eventOf(order, step, order.bornMs + n * STEP_MS, nowMs))
  })
}

/** The id of order number `n`. */
export function orderIdOf(n: number): string {
  return `${TEN_DIGITS + ((n * STRIDE) % IDS)}`.slice(1) + ID_END
}

/** The same event of another order: what is made of a body by reading it, such as the digest, stays. */
export function copyOf(event: WebhookEvent, orderId: string): WebhookEvent {
  return { ...event, order_id: orderId, body: event.body.replace(event.order_id, orderId) }
}

/**
 * Webhooks about orders from number `first` on, in the order in which they arrive, in as many pieces as are asked for: those
 * of `pointsEvents`, and so cheap that a million can be sent. Order n has the n-th life.
 */
export function copiedEvents(all: readonly Life[], first: number, random: Random): (count: number) => WebhookEvent[] {
  let orders = first
  const open = Array.from({ length: OPEN_ORDERS }, newOrder)

  function newOrder() {
    const n = orders++
    return { orderId: orderIdOf(n), left: [...(all[n % all.length] ?? [])] }
  }

  function next(): WebhookEvent {
    const at = random.below(OPEN_ORDERS)
    const one = open[at] ?? newOrder()
    const event = one.left.shift()
    if (event === undefined) throw new Error('a life without events')
    if (one.left.length === 0) open[at] = newOrder()
    return copyOf(event, one.orderId)
  }

  return count => Array.from({ length: count }, next)
}
