import { catalogues, readEvent, type WebhookEvent } from '@hookline/contracts'
import { bodyOf, LIFE_CYCLES, type LifeCycle, type PlannedOrder, type Random, type Step } from '@hookline/local'

const SECOND_MS = 1_000
const HOUR_MS = 3_600_000
/** Orders that something happens to at a time: so many records lie between two events of one order, on average. */
const OPEN_ORDERS = 1_000
const LONGEST_STEP_S = 600

/** As common as the demo has them: 3.5 events an order. */
export const LIVES = LIFE_CYCLES.filter(({ source }) => source === 'points').flatMap(life =>
  Array<LifeCycle>(life.weight).fill(life),
)

interface OpenOrder {
  readonly order: PlannedOrder
  atMs: number
  done: number
}

/**
 * Webhooks of Points about many orders, as the ingress reads them, in the order in which they arrive: the events of one order
 * from its oldest to its newest, those of others between them. The last orders have not come to their end.
 */
export function pointsEvents(count: number, random: Random, nowMs: number): readonly WebhookEvent[] {
  const open = Array.from({ length: OPEN_ORDERS }, () => newOrder(random, nowMs))
  return Array.from({ length: count }, () => {
    const at = random.below(OPEN_ORDERS)
    const one = open[at] ?? newOrder(random, nowMs)
    const step = one.order.lifeCycle.steps[one.done++]
    if (step === undefined) throw new Error('an order went on after its end')
    one.atMs += SECOND_MS * (1 + random.below(LONGEST_STEP_S))
    if (one.done === one.order.lifeCycle.steps.length) open[at] = newOrder(random, nowMs)
    return eventOf(one.order, step, one.atMs, nowMs)
  })
}

function newOrder(random: Random, nowMs: number): OpenOrder {
  const order = plainOrder(random, nowMs, random.pick(LIVES))
  return { order, atMs: order.bornMs, done: 0 }
}

/** Born long enough ago for all that happens to it. */
export function plainOrder(random: Random, nowMs: number, lifeCycle: LifeCycle): PlannedOrder {
  const [a, b, c, d, e] = [random.hex(8), random.hex(4), random.hex(3), random.hex(3), random.hex(12)]
  const number = 1_000_000 + random.below(9_000_000)
  return {
    id: `${a}-${b}-4${c}-a${d}-${e}`,
    source: 'points',
    lifeCycle,
    number: `B-${number}`,
    email: `customer-${number}@shop.example`,
    language: random.pick(['ar', 'en']),
    total: 20 + random.below(980),
    bornMs: nowMs - 24 * HOUR_MS,
  }
}

/** What the ingress makes of the sender's request. */
export function eventOf(order: PlannedOrder, step: Step, atMs: number, nowMs: number): WebhookEvent {
  const read = readEvent(catalogues.points, {
    body: Buffer.from(bodyOf({ order, step, atMs, eventId: '' })),
    headers: { 'content-type': 'application/json', 'x-webhook-event': step.event },
    receivedAt: nowMs,
    now: nowMs,
  })
  if (read.kind !== 'event') throw new Error(`${read.kind}: ${read.code}`)
  return read.event
}
