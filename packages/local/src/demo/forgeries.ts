import { bodyOf } from './bodies.ts'
import type { Step } from './life-cycles.ts'
import type { PlannedEvent, PlannedOrder } from './plan.ts'
import type { Random } from './random.ts'

const FORGED_SHARE = 1 / 15
const MINUTE_MS = 60_000

const CANCELLED: Readonly<Record<PlannedOrder['source'], Step>> = {
  points: { event: 'cancelled', status: 'cancelled' },
  hc: { event: 'order.cancelled', status: 'cancelled' },
}

/**
 * Somebody without the secret cancels orders that are there. Were one accepted, it would be the newest event of its
 * order and hold its goods.
 */
export function forgeriesOf(orders: readonly PlannedOrder[], random: Random): PlannedEvent[] {
  const count = Math.max(2, Math.round(orders.length * FORGED_SHARE))
  return random
    .shuffled(orders)
    .slice(0, count)
    .map(order => {
      const step = CANCELLED[order.source]
      // after its life and before now, at a time that no event of it has
      const atMs = order.bornMs + 140 * MINUTE_MS
      const body = bodyOf({ order, step, atMs, eventId: `evt_${random.hex(20)}` })
      return { order, step, age: order.lifeCycle.steps.length, atMs, part: '', body, genuine: false }
    })
}
