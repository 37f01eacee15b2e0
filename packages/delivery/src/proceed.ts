import { raise } from './floors.ts'
import type { Step } from './policy.ts'
import type { DeadEntry, DeadReason, Entry, Floors, OrderRecord } from './record.ts'
import { without } from './without.ts'

/** What may run now, in this order: the creating event, then by version; while entries are unsure, the first of them alone. */
export function plan(record: OrderRecord): readonly Entry[] {
  if (isHeld(record) || record.lane.length === 0) return []
  const lane = record.lane.toSorted(inOrder)
  const unsure = lane.find(entry => entry.unsure)
  const run = unsure ? [unsure] : lane
  return record.known || run[0]?.creating ? run : []
}

/** Something dead that nothing may pass: it may have executed a snapshot, or its effect says so. */
export function isHeld(record: OrderRecord): boolean {
  return record.dead.some(holds)
}

/** Whether this dead entry holds its order. */
export function holds(entry: DeadEntry): boolean {
  return entry.effects.some(effect => effect.hold || (entry.unsure && effect.floor !== undefined))
}

/** The end of every decision: run under the token, or let go. */
export function proceed(record: OrderRecord, step: Step): OrderRecord {
  const free = without(record, 'owner', 'planned', 'wake_at')
  const run = new Set(plan(free).map(entry => entry.id))
  if (run.size > 0) {
    const claimed: OrderRecord = {
      ...free,
      owner: step.token,
      wake_at: step.now + step.policy.leaseMs,
      lane: free.lane.map(entry => (run.has(entry.id) ? { ...entry, begun: true as const } : entry)),
    }
    if (run.size < claimed.lane.length) return claimed
    return { ...claimed, planned: floorsAfter(claimed) }
  }
  return isHeld(free) || free.lane.length === 0 ? free : park(free, step)
}

/** The floors once the whole lane has run. */
export function floorsAfter({ floors, lane }: OrderRecord): Floors {
  return lane.reduce((raised, entry) => raise(raised, entry, entry.effects), floors)
}

/** The order is not known yet: its lane waits, and what waited too long runs all the same or is dead, as declared. */
function park(record: OrderRecord, step: Step): OrderRecord {
  const { parkMaxMs, onParkExpired } = step.policy
  const expired = (entry: Entry) => step.now >= entry.since + parkMaxMs
  const waiting = record.lane.filter(entry => !expired(entry))
  if (onParkExpired === 'run' && waiting.length < record.lane.length) {
    return proceed({ ...record, known: true, prerequisite_never_arrived: true }, step)
  }
  const given = record.lane.filter(expired).map(entry => buried(entry, 'prerequisite_never_arrived', step.now))
  const parked = { ...record, lane: waiting, dead: [...record.dead, ...given] }
  if (waiting.length === 0) return parked
  return { ...parked, wake_at: Math.min(...waiting.map(entry => entry.since)) + parkMaxMs }
}

export function buried(entry: Entry, reason: DeadReason, now: number): DeadEntry {
  return { ...entry, reason, dead_at: now }
}

function inOrder(a: Entry, b: Entry): number {
  if (a.creating !== b.creating) return a.creating ? -1 : 1
  return a.version < b.version ? -1 : a.version > b.version ? 1 : 0
}
