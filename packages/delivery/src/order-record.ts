import { type BackOff, backOffMs } from './back-off.ts'
import { raise } from './floors.ts'
import type { EffectOutcomes, LaneOutcomes, Outcome } from './outcome.ts'
import type { DeadEntry, DeadReason, Entry, OrderRecord } from './record.ts'

/** What a service decided on beforehand. Milliseconds. */
export interface DeliveryPolicy {
  leaseMs: number
  backOff: BackOff
  /** An event dies after this long of back-off between its own attempts; outages and idle time do not count. */
  deadAfterMs: number
  /** An event that lost this many leases kills its worker. */
  maxLostLeases: number
  /** How long an event waits for its order to be known. */
  parkMaxMs: number
  onParkExpired: 'run' | 'dead'
  /** Entries a lane holds at most; above it they are dead. */
  laneCap: number
}

/** One decision's circumstances. */
export interface Step {
  policy: DeliveryPolicy
  /** Made anew for every claim. */
  token: string
  /** Milliseconds by the database server's clock. */
  now: number
  /** By chance, in [0, 1). */
  jitter: number
}

/** The circumstances of the end of a run. What is left in the lane goes on under `token`. */
export interface RunEnd extends Step {
  /** The token that it ran under. The next run has another: a release of this one may still be on its way. */
  ranUnder: string
  /** Its worker ends: what is left is due at once, for somebody else. */
  last?: boolean
}

// Every function below takes the record as it was read and gives the record to write where its `rev` still matches,
// or undefined: nothing to write.

/** B: events that are open in the inbox come to their order. `record`: as read BEFORE the inbox said that they are open. */
export function arrive(record: OrderRecord, entries: readonly Entry[], step: Step): OrderRecord | undefined {
  const here = new Set([...record.lane, ...record.dead].map(entry => entry.id))
  const fresh = entries.filter(entry => !here.has(entry.id))
  if (fresh.length === 0) return undefined
  const room = Math.max(0, step.policy.laneCap - record.lane.length)
  const next: OrderRecord = {
    ...record,
    rev: record.rev + 1,
    last_webhook_at: newest(record.last_webhook_at, fresh),
    lane: [...record.lane, ...fresh.slice(0, room)],
    dead: [...record.dead, ...fresh.slice(room).map(entry => buried(entry, 'lane_full', step.now))],
  }
  if (record.owner !== undefined) return without(next, 'planned') // its owner will see that there is more
  if (plan(record).length > 0) return next // it backs off: its time is not come
  return proceed(next, step)
}

/** An order of which nothing is stored yet. */
export function unseen(needsPrerequisite: boolean): OrderRecord {
  return { rev: 0, known: !needsPrerequisite, last_webhook_at: '', floors: {}, lane: [], dead: [] }
}

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

/** S: `wake_at` is due. `finished`: ids of the lane that are done or stale in the inbox, read AFTER the record. */
export function takeOver(record: OrderRecord, finished: ReadonlySet<string>, step: Step): OrderRecord | undefined {
  if (record.wake_at === undefined || record.wake_at > step.now) return undefined
  let { floors, known } = record
  const lane: Entry[] = []
  const dead = [...record.dead]
  for (const entry of record.lane) {
    if (finished.has(entry.id)) {
      floors = raise(floors, entry, entry.effects)
      known ||= entry.creating
    } else if (entry.begun) {
      const lost: Entry = { ...without(entry, 'begun'), lost_leases: entry.lost_leases + 1, unsure: true }
      if (lost.lost_leases >= step.policy.maxLostLeases) dead.push(buried(lost, 'kills_its_worker', step.now))
      else lane.push(lost)
    } else lane.push(entry)
  }
  return proceed({ ...record, rev: record.rev + 1, known, floors, lane, dead }, step)
}

/** R: the run under `end.ranUnder` is over. undefined: the claim was lost, its owner is somebody else. */
export function settle(record: OrderRecord, outcomes: LaneOutcomes, end: RunEnd): OrderRecord | undefined {
  if (record.owner !== end.ranUnder) return undefined
  let { floors, known } = record
  const lane: Entry[] = []
  const dead = [...record.dead]
  let backOff = 0
  for (const entry of record.lane) {
    const attempted = outcomes.get(entry.id)
    const { done, left } = sort(entry, attempted)
    floors = raise(floors, entry, done)
    if (attempted && left.length === 0) {
      known ||= entry.creating
      continue
    }
    const fate = afterAttempt({ ...without(entry, 'begun'), effects: left }, attempted, end)
    if ('dead' in fate) dead.push(fate.dead)
    else lane.push(fate.entry)
    if ('backOffMs' in fate) backOff = fate.backOffMs
  }
  const next = { ...record, rev: record.rev + 1, known, floors, lane, dead }
  const free = without(next, 'owner', 'planned')
  const handsOver = end.last === true && plan(free).length > 0
  return backOff > 0 || handsOver ? { ...free, wake_at: end.now + backOff } : proceed(next, end)
}

/** A person: dead entries go back to the lane. `withoutPrerequisite`: the order counts as known from now on. */
export function redrive(
  record: OrderRecord,
  ids: ReadonlySet<string>,
  options: { now: number; withoutPrerequisite?: boolean },
): OrderRecord | undefined {
  const back = record.dead.filter(entry => ids.has(entry.id))
  if (back.length === 0) return undefined
  const next: OrderRecord = {
    ...record,
    rev: record.rev + 1,
    known: record.known || options.withoutPrerequisite === true,
    dead: record.dead.filter(entry => !ids.has(entry.id)),
    lane: [...record.lane, ...back.map(entry => revived(entry, options.now))],
  }
  return record.owner === undefined ? { ...next, wake_at: options.now } : without(next, 'planned')
}

/** The end of every decision: run under the token, or let go. */
function proceed(record: OrderRecord, step: Step): OrderRecord {
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
    return { ...claimed, planned: claimed.lane.reduce((floors, e) => raise(floors, e, e.effects), claimed.floors) }
  }
  return isHeld(free) || free.lane.length === 0 ? free : park(free, step)
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

/** Which effects leave the entry and raise their floors, and which are left. A stale one leaves and raises nothing. */
function sort(entry: Entry, outcomes: EffectOutcomes | undefined) {
  const kind = (name: string) => outcomes?.get(name)?.kind
  return {
    done: entry.effects.filter(effect => kind(effect.name) === 'done'),
    left: entry.effects.filter(effect => kind(effect.name) !== 'done' && kind(effect.name) !== 'stale'),
  }
}

type Fate = { entry: Entry } | { entry: Entry; backOffMs: number } | { dead: DeadEntry }

/** What becomes of an entry that is not finished. */
function afterAttempt(entry: Entry, outcomes: EffectOutcomes | undefined, { policy, now, jitter }: Step): Fate {
  const left = entry.effects.map(effect => outcomes?.get(effect.name)).filter(outcome => outcome !== undefined)
  if (left.length === 0) return { entry }
  const permanent = left.filter(outcome => outcome.kind === 'permanent')
  const tried = left.some(outcome => outcome.kind === 'retry' || outcome.kind === 'unknown')
  const next: Entry = {
    ...entry,
    lost_leases: 0, // its worker came back alive
    last_error: left.map(outcome => ('message' in outcome ? outcome.message : '')).find(Boolean) ?? '',
    ...(tried && { tries: entry.tries + 1, first_tried_at: entry.first_tried_at ?? now }),
    ...(left.some(outcome => outcome.kind === 'unknown') && { unsure: true as const }),
  }
  if (permanent[0] && permanent.length === entry.effects.length) {
    const { reason, answer } = permanent[0]
    return { dead: { ...buried(next, reason, now), ...(answer !== undefined && { answer }) } }
  }
  const triedMs = entry.tried_ms ?? 0
  if (tried && triedMs >= policy.deadAfterMs) return { dead: buried(next, 'used_up', now) }
  const waits = left.some(outcome => outcome.kind === 'outage') || tried
  if (!waits) return { entry: next }
  const wait = Math.max(backOffMs(policy.backOff, Math.max(next.tries, 1), jitter), ...left.map(retryAfterMs))
  return { entry: tried ? { ...next, tried_ms: triedMs + wait } : next, backOffMs: wait }
}

function retryAfterMs(outcome: Outcome): number {
  return 'retryAfterMs' in outcome ? (outcome.retryAfterMs ?? 0) : 0
}

function revived(dead: DeadEntry, now: number): Entry {
  const { reason, dead_at: _, first_tried_at: __, tried_ms: ___, answer: ____, ...entry } = dead
  const decided = reason === 'after_terminal' && { released_by_person: true as const }
  return { ...entry, tries: 0, lost_leases: 0, since: now, ...decided }
}

function buried(entry: Entry, reason: DeadReason, now: number): DeadEntry {
  return { ...entry, reason, dead_at: now }
}

function inOrder(a: Entry, b: Entry): number {
  if (a.creating !== b.creating) return a.creating ? -1 : 1
  return a.version < b.version ? -1 : a.version > b.version ? 1 : 0
}

function newest(known: string, entries: readonly Entry[]): string {
  return entries.reduce((newest, entry) => (entry.last_webhook_at > newest ? entry.last_webhook_at : newest), known)
}

function without<T extends object, K extends keyof T>(value: T, ...keys: K[]): Omit<T, K> & { [key in K]?: never } {
  const rest = { ...value }
  for (const key of keys) delete rest[key]
  return rest
}
