import type { WebhookEvent } from '@hookline/contracts'
import { LIFE_CYCLES, type PlannedOrder, type Random, type Step } from '@hookline/local'
import { eventOf, plainOrder } from './points-orders.ts'
import { zipf } from './zipf.ts'

const SECOND_MS = 1_000
const EXPONENT = 1.1
/** Riemann's zeta of the exponent. */
const ALL = 10.58444846495

/** Of all events those about the order that comes most often. */
export const MOST_SHARE = 1 / ALL

const FIRST: Step = { event: 'approved', status: 'approved' }
/** May come again and again. */
const LATER: Step = { event: 'shipping_status_updated', status: 'approved', partStatus: 'delivery_is_in_progress' }

/** Webhooks about orders drawn by Zipf 1.1: some come all the time, and every third one is about an order that comes only once. */
export function skewedEvents(count: number, random: Random, nowMs: number): readonly WebhookEvent[] {
  const [life] = LIFE_CYCLES
  if (life === undefined) throw new Error('there are no orders')
  const draw = zipf(EXPONENT, random)
  const orders = new Map<number, { readonly order: PlannedOrder; done: number }>()
  return Array.from({ length: count }, () => {
    const rank = draw()
    const one = orders.get(rank) ?? { order: plainOrder(random, nowMs, life), done: 0 }
    orders.set(rank, one)
    const n = one.done++
    return eventOf(one.order, n === 0 ? FIRST : LATER, one.order.bornMs + n * SECOND_MS, nowMs)
  })
}
