import type { WebhookEvent } from '@hookline/contracts'
import type { Random } from '@hookline/local'
import { copiedEvents, copyOf, type Life, orderIdOf } from '../../records/copies.ts'
import { eventOf, LIVES, plainOrder } from '../../records/points-orders.ts'

/** Has no divisor in common with the number of orders: each of them comes once before any comes again, and in no order. */
const STRIDE = 618_033
const HOUR_MS = 3_600_000

export interface Arriving {
  readonly lives: readonly Life[]
  /** Orders that are stored. */
  readonly stored: number
  readonly random: Random
  readonly nowMs: number
}

/** Of what arrives one half is about new orders, their whole lives, and one about stored orders, each something new. */
export function arriving({ lives, stored, random, nowMs }: Arriving): (count: number) => readonly WebhookEvent[] {
  const ofNew = copiedEvents(lives, stored, random)
  const shipped = shipping(random, nowMs)
  let drawn = 0
  const ofStored = () => copyOf(shipped, orderIdOf((drawn++ * STRIDE) % stored))
  return count => Array.from({ length: count }, () => (random.next() < 0.5 ? ofNew(1) : [ofStored()])).flat()
}

/** Newer than all that is stored. */
function shipping(random: Random, nowMs: number): WebhookEvent {
  const [life] = LIVES
  if (life === undefined) throw new Error('there are no orders')
  const order = plainOrder(random, nowMs, life)
  const step = { event: 'shipping_status_updated', status: 'approved', partStatus: 'delivered' } as const
  return eventOf(order, step, nowMs - HOUR_MS, nowMs)
}
