import type { SourceName } from '../stack-file.ts'
import { arrivalsOf, type Delivery } from './arrivals.ts'
import { bodyOf, hcPartId } from './bodies.ts'
import { forgeriesOf } from './forgeries.ts'
import { APPROVED_AFTER_CANCELLATION, LIFE_CYCLES, type LifeCycle, type Step } from './life-cycles.ts'
import { type Random, seededRandom } from './random.ts'

export interface PlannedOrder {
  readonly id: string
  readonly source: SourceName
  readonly lifeCycle: LifeCycle
  /** The merchant's own number. */
  readonly number: string
  readonly email: string
  readonly language: 'ar' | 'en'
  readonly total: number
  readonly bornMs: number
}

/** One thing that happens to an order and that its sender tells, maybe more than once. */
export interface PlannedEvent {
  readonly order: PlannedOrder
  readonly step: Step
  /** Its place in the order's life: of two events of one order the one with the higher age is the newer. */
  readonly age: number
  readonly atMs: number
  /** The fulfilment or return as the targets name it; empty where the event is about the whole order. */
  readonly part: string
  readonly body: string
  /** False: made up by somebody who does not have the secret. */
  readonly genuine: boolean
}

/** What the sender means to do, and so what must come of it. A pure function of its options. */
export interface Plan {
  readonly orders: readonly PlannedOrder[]
  /** The genuine events. */
  readonly events: readonly PlannedEvent[]
  /** In the order in which they are sent. */
  readonly deliveries: readonly Delivery[]
}

export interface PlanOptions {
  readonly seed: number
  readonly orders: number
  /** The end of all life cycles, milliseconds since 1970. */
  readonly nowMs: number
}

const MINUTE_MS = 60_000
const SECOND_MS = 1_000
/** The longest life cycle fits between the two with its longest steps. */
const BORN_BEFORE_MS = 180 * MINUTE_MS
const BORN_WITHIN_MS = 30 * MINUTE_MS
const LONGEST_STEP_MS = 10 * MINUTE_MS
const SAME_SECOND_SHARE = 0.4
const HC_SHARE = 0.45

export function planOf({ seed, orders: count, nowMs }: PlanOptions): Plan {
  const random = seededRandom(seed)
  const orders = Array.from({ length: count }, (_, n) => orderOf(n, lifeCycleOf(n, count, random), { nowMs, random }))
  const events = orders.map(order => eventsOf(order, random))
  const forgeries = forgeriesOf(orders, random)
  return { orders, events: events.flat(), deliveries: arrivalsOf(events, forgeries, random) }
}

/** Every hundredth order, and the first of all, is approved after its cancellation. */
function lifeCycleOf(n: number, count: number, random: Random): LifeCycle {
  if (n < Math.max(1, Math.round(count / 100))) return APPROVED_AFTER_CANCELLATION
  const source = random.next() < HC_SHARE ? 'hc' : 'points'
  const all = LIFE_CYCLES.filter(lifeCycle => lifeCycle.source === source)
  return random.pick(all.flatMap(lifeCycle => Array<LifeCycle>(lifeCycle.weight).fill(lifeCycle)))
}

function orderOf(n: number, lifeCycle: LifeCycle, { nowMs, random }: { nowMs: number; random: Random }): PlannedOrder {
  const bornMs = nowMs - BORN_BEFORE_MS + random.below(BORN_WITHIN_MS)
  return {
    id: lifeCycle.source === 'points' ? uuid(random) : `ord_${random.hex(16)}`,
    source: lifeCycle.source,
    lifeCycle,
    number: `D-${1_001 + n}`,
    email: `customer-${1_001 + n}@shop.example`,
    language: random.pick(['ar', 'en']),
    total: 20 + random.below(980),
    // Points' times have a resolution of one second
    bornMs: Math.floor(bornMs / SECOND_MS) * SECOND_MS,
  }
}

function eventsOf(order: PlannedOrder, random: Random): PlannedEvent[] {
  let atMs = order.bornMs
  return order.lifeCycle.steps.map((step, age) => {
    const sameSecond = step.atOnce && random.next() < SAME_SECOND_SHARE
    if (age > 0 && !sameSecond) atMs += SECOND_MS * (1 + random.below(LONGEST_STEP_MS / SECOND_MS))
    const body = bodyOf({ order, step, atMs, eventId: `evt_${random.hex(20)}` })
    return { order, step, age, atMs, part: partOf(order, step), body, genuine: true }
  })
}

function partOf(order: PlannedOrder, step: Step): string {
  if (step.partStatus === undefined) return ''
  return order.source === 'points' ? 'default' : hcPartId(order, step)
}

/** Version 4 in form, so that it looks like an order of Points. */
function uuid(random: Random): string {
  const [a, b, c, d, e] = [random.hex(8), random.hex(4), random.hex(3), random.hex(3), random.hex(12)]
  return `${a}-${b}-4${c}-a${d}-${e}`
}
