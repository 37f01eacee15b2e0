import type { PlannedEvent } from './plan.ts'
import type { Random } from './random.ts'

/** One request of a sender, or several at once with the same body. */
export interface Delivery {
  readonly event: PlannedEvent
  /** How many times it is sent at the same moment. */
  readonly copies: number
  /** When, as a part of the whole time of sending: 0 to 1. */
  readonly moment: number
}

const OUT_OF_ORDER_SHARE = 1 / 3
const SENT_AGAIN_SHARE = 1 / 5
/** Of what is sent again: at the same moment, the others later. */
const AT_ONCE_SHARE = 0.4
/** Orders begin to arrive in this part of the time of sending; what is left is for their later deliveries. */
const BEGIN_WITHIN = 0.8
const LONGEST_GAP = 0.05

/**
 * In which order, how often and when the events are sent: a third of the orders out of order, a fifth of the deliveries
 * more than once. Sorted by `moment`.
 */
export function arrivalsOf(
  events: readonly (readonly PlannedEvent[])[],
  forgeries: readonly PlannedEvent[],
  random: Random,
): Delivery[] {
  const mixedUp = outOfOrder(events, random)
  const sentAgain = new Set(some(events.flat(), SENT_AGAIN_SHARE, random))
  const genuine = events.flatMap(ofOrder => {
    const arriving = mixedUp.has(ofOrder) ? disordered(ofOrder, random) : ofOrder
    return withMoments(repeated(arriving, sentAgain, random), random)
  })
  const forged = forgeries.map(event => ({ event, copies: 1, moment: random.next() }))
  return [...genuine, ...forged].sort((a, b) => a.moment - b.moment)
}

function outOfOrder(
  events: readonly (readonly PlannedEvent[])[],
  random: Random,
): ReadonlySet<readonly PlannedEvent[]> {
  const can = events.filter(ofOrder => ofOrder.length > 1 && !ofOrder[0]?.order.lifeCycle.inOrder)
  return new Set(random.shuffled(can).slice(0, Math.round(events.length * OUT_OF_ORDER_SHARE)))
}

function some<T>(list: readonly T[], share: number, random: Random): T[] {
  return random.shuffled(list).slice(0, Math.round(list.length * share))
}

function disordered(events: readonly PlannedEvent[], random: Random): PlannedEvent[] {
  for (;;) {
    const shuffled = random.shuffled(events)
    if (shuffled.some((event, n) => event !== events[n])) return shuffled
  }
}

type Sent = Omit<Delivery, 'moment'>

function repeated(events: readonly PlannedEvent[], again: ReadonlySet<PlannedEvent>, random: Random): Sent[] {
  const sent: Sent[] = []
  const later: Sent[] = []
  for (const event of events) {
    if (!again.has(event)) sent.push({ event, copies: 1 })
    else if (random.next() < AT_ONCE_SHARE) sent.push({ event, copies: 2 + random.below(3) })
    else {
      sent.push({ event, copies: 1 })
      later.push({ event, copies: 1 })
    }
  }
  for (const repeat of later) {
    const first = sent.findIndex(({ event }) => event === repeat.event)
    sent.splice(first + 1 + random.below(sent.length - first), 0, repeat)
  }
  return sent
}

function withMoments(sent: readonly Sent[], random: Random): Delivery[] {
  let moment = random.next() * BEGIN_WITHIN
  return sent.map(one => {
    const delivery = { ...one, moment: Math.min(moment, 1) }
    moment += random.next() * LONGEST_GAP
    return delivery
  })
}
