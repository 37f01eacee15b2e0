import { type Expectation, expectationsOf, MAKES_KNOWN, TARGETS, type Target } from './expectations.ts'
import type { LedgerEntry, Ledgers } from './ledgers.ts'
import type { Plan, PlannedEvent } from './plan.ts'
import type { SentRequest } from './sender.ts'

/** What an event must lead to at a target, and what the target saw of it. */
export interface EffectCase {
  readonly event: PlannedEvent
  readonly expectation: Expectation
  readonly delivered: Delivered
  /** In the order in which the target decided. */
  readonly requests: readonly LedgerEntry[]
}

/** What became of the requests that brought one event. */
interface Delivered {
  readonly requests: readonly SentRequest[]
  readonly acked: boolean
  /** The first answer with 2xx, milliseconds since 1970; Infinity where there was none. */
  readonly ackedAt: number
  /** The first request, milliseconds since 1970; Infinity where there was none. */
  readonly sentAt: number
}

/** Both sides lined up: what was sent, and what the targets saw of it. */
export interface Evidence {
  readonly delivered: ReadonlyMap<PlannedEvent, Delivered>
  readonly cases: readonly EffectCase[]
  /** By order id: when its `order.created` was sent first; absent for orders of Points. */
  readonly knownFrom: ReadonlyMap<string, PlannedEvent>
  /** What was seen of an event that does not ask for it, or of none that was planned. */
  readonly strangers: readonly Stranger[]
}

interface Stranger {
  readonly target: Target
  readonly entry: LedgerEntry
  readonly event: PlannedEvent | undefined
}

const NEVER: Delivered = { requests: [], acked: false, ackedAt: Infinity, sentAt: Infinity }

export function gatherEvidence(plan: Plan, sent: readonly SentRequest[], ledgers: Ledgers): Evidence {
  const delivered = deliveredOf(plan, sent)
  const planned = new Map(
    plan.deliveries.map(({ event }) => [label(event.order.id, event.step.event, event.atMs), event]),
  )
  const seen = new Map<PlannedEvent, Map<string, LedgerEntry[]>>()
  const strangers: Stranger[] = []
  for (const target of TARGETS) {
    for (const entry of ledgers[target]) {
      const event = planned.get(label(entry.order_id, entry.event, timeOf(entry)))
      if (!event?.genuine || !asksFor(event, target, entry.effect)) strangers.push({ target, entry, event })
      else addTo(seen, event, `${target} ${entry.effect}`, entry)
    }
  }
  const cases = plan.events.flatMap(event =>
    expectationsOf(event).map(expectation => ({
      event,
      expectation,
      delivered: delivered.get(event) ?? NEVER,
      requests: seen.get(event)?.get(`${expectation.target} ${expectation.effect}`) ?? [],
    })),
  )
  const creating = plan.events.filter(({ step }) => step.event === MAKES_KNOWN)
  return { delivered, cases, strangers, knownFrom: new Map(creating.map(event => [event.order.id, event])) }
}

/** In a plan no two events of an order have name and time in common. */
function label(orderId: string, event: string, atMs: number): string {
  return `${orderId} ${event} ${atMs}`
}

/** A version begins with the event's own time, in milliseconds. */
function timeOf({ version }: LedgerEntry): number {
  return Number(version.slice(0, 13))
}

function asksFor(event: PlannedEvent, target: Target, effect: string): boolean {
  return expectationsOf(event).some(one => one.target === target && one.effect === effect && !one.silent)
}

function deliveredOf(plan: Plan, sent: readonly SentRequest[]): Map<PlannedEvent, Delivered> {
  const requests = Map.groupBy(sent, request => request.event)
  return new Map(
    plan.deliveries.map(({ event }) => {
      const own = requests.get(event) ?? []
      const acked = own.filter(({ status }) => isAck(status))
      return [
        event,
        {
          requests: own,
          acked: acked.length > 0,
          ackedAt: Math.min(...acked.map(({ answeredAt }) => answeredAt)),
          sentAt: Math.min(...own.map(({ sentAt }) => sentAt)),
        },
      ]
    }),
  )
}

export function isAck(status: number): boolean {
  return status >= 200 && status < 300
}

function addTo(
  seen: Map<PlannedEvent, Map<string, LedgerEntry[]>>,
  event: PlannedEvent,
  effect: string,
  entry: LedgerEntry,
): void {
  const ofEvent = seen.get(event) ?? new Map<string, LedgerEntry[]>()
  const entries = ofEvent.get(effect) ?? []
  entries.push(entry)
  seen.set(event, ofEvent.set(effect, entries))
}
