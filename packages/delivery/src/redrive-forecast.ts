import { judge, raise, type Verdict } from './floors.ts'
import { redrive, takeOver } from './order-record.ts'
import type { LaneOutcomes, Outcome } from './outcome.ts'
import type { DeliveryPolicy, Step } from './policy.ts'
import { holds, plan } from './proceed.ts'
import type { DeadReason, Entry, OrderRecord } from './record.ts'
import { settle } from './settle.ts'

/** What a redrive of a dead event would do. Effects by name. */
export type Forecast =
  | { kind: 'will_run'; runs: readonly string[]; skips: readonly string[] }
  /** All its effects are below their floors: nothing runs, and it is over. */
  | { kind: 'stale'; skips: readonly string[] }
  /** A dead event that stays dead holds the order, or is what would make it known. */
  | { kind: 'blocked'; by: { id: string; event: string } }
  /** What makes the order known has not come. */
  | { kind: 'waits' }
  /** It would die once more; what `runs` is done before. */
  | { kind: 'dead_again'; reason: DeadReason; runs: readonly string[]; skips: readonly string[] }
  /** The inbox says that it is over, or it is not dead any more: given back already. */
  | { kind: 'already_done'; how: 'done' | 'stale' | 'given_back' | 'gone' }

/** What the inbox says of events, read AFTER the order record; an event that is not there is absent. */
export type InboxStates = ReadonlyMap<string, 'open' | 'done' | 'stale'>

/** For every one of `ids`. */
export type Forecasts = ReadonlyMap<string, Forecast>

/**
 * What a redrive of these events of one order would do if every attempt succeeds. It is the loop's own decisions that are
 * run to their end here, so that a forecast says what the loop does.
 */
export function forecast(
  record: OrderRecord,
  ids: ReadonlySet<string>,
  { states, withoutPrerequisite = false }: { states: InboxStates; withoutPrerequisite?: boolean },
): Forecasts {
  const redriven = redrive(record, ids, { now: STEP.now, withoutPrerequisite }) ?? record
  const end = runToEnd(redriven, states)
  const wasDead = new Set(record.dead.map(({ id }) => id))
  return new Map([...ids].map(id => [id, forecastOf(id, { record, wasDead: wasDead.has(id), states, end })]))
}

/** Nothing runs out, waits too long or is too much. */
const ENDLESS: DeliveryPolicy = {
  leaseMs: 1,
  backOff: { minMs: 1, maxMs: 1 },
  outageBackOffMaxMs: 1,
  deadAfterMs: Number.POSITIVE_INFINITY,
  maxLostLeases: Number.POSITIVE_INFINITY,
  parkMaxMs: Number.POSITIVE_INFINITY,
  onParkExpired: 'dead',
  laneCap: Number.POSITIVE_INFINITY,
}

const STEP: Step = { policy: ENDLESS, token: 'forecast', now: 0, jitter: 0 }

interface End {
  record: OrderRecord
  /** Of every entry that was reached, by its id, then by effect. */
  ran: LaneOutcomes
}

function runToEnd(redriven: OrderRecord, states: InboxStates): End {
  const finished = new Set([...states].flatMap(([id, state]) => (state === 'open' ? [] : [id])))
  const ran = new Map<string, ReadonlyMap<string, Outcome>>()
  let record = redriven
  // a free order is the scheduler's; an owned one goes on by itself
  if (record.owner === undefined) record = takeOver({ ...record, wake_at: STEP.now }, finished, STEP) ?? record
  while (record.owner !== undefined) {
    const outcomes = runOnce(record, states)
    for (const [id, ofEntry] of outcomes) ran.set(id, ofEntry)
    const next = settle(record, outcomes, { ...STEP, ranUnder: record.owner })
    if (!next) break
    record = next
  }
  return { record, ran }
}

/** One run of the lane in which every attempt succeeds. */
function runOnce(record: OrderRecord, states: InboxStates): LaneOutcomes {
  const outcomes = new Map<string, ReadonlyMap<string, Outcome>>()
  let { floors } = record
  for (const entry of plan(record).filter(({ begun }) => begun)) {
    const ofEntry = new Map<string, Outcome>()
    outcomes.set(entry.id, ofEntry)
    for (const effect of entry.effects) {
      const outcome = attempt(judge(effect, entry, floors), states.get(entry.id))
      ofEntry.set(effect.name, outcome)
      if (outcome.kind === 'done') floors = raise(floors, entry, [effect])
    }
    if ([...ofEntry.values()].some(({ kind }) => kind === 'permanent')) break
  }
  return outcomes
}

function attempt(verdict: Verdict, state: 'open' | 'done' | 'stale' | undefined): Outcome {
  if (state === 'done' || state === 'stale') return { kind: 'done' } // its owner is between F and R
  if (verdict === 'stale') return { kind: 'stale' }
  if (verdict === 'after_terminal') return { kind: 'permanent', reason: verdict, message: '' }
  return state === 'open' ? { kind: 'done' } : { kind: 'permanent', reason: 'permanent', message: '' }
}

interface Facts {
  record: OrderRecord
  wasDead: boolean
  states: InboxStates
  end: End
}

function forecastOf(id: string, { record, wasDead, states, end }: Facts): Forecast {
  const state = states.get(id)
  if (state === 'done' || state === 'stale') return { kind: 'already_done', how: state }
  if (!wasDead) return { kind: 'already_done', how: state === 'open' || isIn(record.lane, id) ? 'given_back' : 'gone' }
  const outcomes = end.ran.get(id)
  if (!outcomes) return whyNotReached(end.record)
  const effects = (kind: Outcome['kind']) => [...outcomes].flatMap(([name, one]) => (one.kind === kind ? [name] : []))
  const [runs, skips] = [effects('done'), effects('stale')]
  const died = end.record.dead.find(entry => entry.id === id)
  if (died) return { kind: 'dead_again', reason: died.reason, runs, skips }
  return runs.length === 0 && skips.length > 0 ? { kind: 'stale', skips } : { kind: 'will_run', runs, skips }
}

function whyNotReached({ dead }: OrderRecord): Forecast {
  const blocker = dead.find(holds) ?? dead.find(({ creating }) => creating)
  return blocker ? { kind: 'blocked', by: { id: blocker.id, event: blocker.event } } : { kind: 'waits' }
}

function isIn(entries: readonly Entry[], id: string): boolean {
  return entries.some(entry => entry.id === id)
}
