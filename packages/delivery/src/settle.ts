import { type BackOff, backOffMs } from './back-off.ts'
import { raise } from './floors.ts'
import type { EffectOutcomes, LaneOutcomes, Outcome } from './outcome.ts'
import type { DeliveryPolicy, Retries, RunEnd, Step } from './policy.ts'
import { buried, plan, proceed } from './proceed.ts'
import type { DeadEntry, Entry, OrderRecord } from './record.ts'
import { without } from './without.ts'

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
    if (attempted && left.length === 0 && isOver(attempted)) {
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

/** Which effects leave the entry and raise their floors, and which are left. A stale one leaves and raises nothing. */
function sort(entry: Entry, outcomes: EffectOutcomes | undefined) {
  const kind = (name: string) => outcomes?.get(name)?.kind
  return {
    done: entry.effects.filter(effect => kind(effect.name) === 'done'),
    left: entry.effects.filter(effect => kind(effect.name) !== 'done' && kind(effect.name) !== 'stale'),
  }
}

/**
 * Whether the run knew that nothing was left to do, so that the inbox says so. A transaction whose answer was lost may have
 * taken the last effect out of the entry: then it stays, without effects, and the next run tells the inbox.
 */
function isOver(outcomes: EffectOutcomes): boolean {
  return [...outcomes.values()].every(({ kind }) => kind === 'done' || kind === 'stale')
}

type Fate = { entry: Entry } | { entry: Entry; backOffMs: number } | { dead: DeadEntry }

/** What becomes of an entry that is not finished. */
function afterAttempt(entry: Entry, outcomes: EffectOutcomes | undefined, { policy, now, jitter }: Step): Fate {
  const left = entry.effects.map(effect => outcomes?.get(effect.name)).filter(outcome => outcome !== undefined)
  if (left.length === 0) return { entry }
  const permanent = left.filter(outcome => outcome.kind === 'permanent')
  const attempts = left.filter(outcome => outcome.kind === 'retry' || outcome.kind === 'unknown')
  const tried = attempts.length > 0
  const outages = !tried && left.some(outcome => outcome.kind === 'outage') ? (entry.outages ?? 0) + 1 : 0
  const next: Entry = {
    ...without(entry, 'outages'),
    lost_leases: 0, // its worker came back alive
    last_error: left.map(outcome => ('message' in outcome ? outcome.message : '')).find(Boolean) ?? '',
    ...(outages > 0 && { outages }),
    ...(tried && { tries: entry.tries + 1, first_tried_at: entry.first_tried_at ?? now }),
    ...(left.some(outcome => outcome.kind === 'unknown') && { unsure: true as const }),
  }
  if (permanent[0] && permanent.length === entry.effects.length) {
    const { reason, answer } = permanent[0]
    return { dead: { ...buried(next, reason, now), ...(answer !== undefined && { answer }) } }
  }
  const triedMs = entry.tried_ms ?? 0
  // an effect that has more attempts left keeps its event alive, and what it shares the event with is asked again
  if (tried && attempts.every(({ retries }) => isUsedUp(next, { ...policy, ...retries }))) {
    return { dead: buried(next, 'used_up', now) }
  }
  if (!tried && outages === 0) return { entry: next }
  const backOffs = tried
    ? attempts.map(({ retries }) => backOffMs(backOffOf(policy, retries), next.tries, jitter))
    : [backOffMs({ ...policy.backOff, maxMs: outageMaxMs(policy) }, outages, jitter)]
  const wait = Math.max(...backOffs, ...left.map(retryAfterMs))
  return { entry: tried ? { ...next, tried_ms: triedMs + wait } : next, backOffMs: wait }
}

/** `entry`: with the attempt that just failed; its back-off is not in `tried_ms` yet. */
function isUsedUp({ tries, tried_ms = 0 }: Entry, limits: { deadAfterMs: number; maxAttempts?: number }): boolean {
  return tried_ms >= limits.deadAfterMs || tries >= (limits.maxAttempts ?? Number.POSITIVE_INFINITY)
}

function backOffOf({ backOff }: DeliveryPolicy, { backOffMinMs, backOffMaxMs }: Retries = {}): BackOff {
  const minMs = backOffMinMs ?? backOff.minMs
  return { minMs, maxMs: Math.max(minMs, backOffMaxMs ?? backOff.maxMs) }
}

function outageMaxMs({ backOff, outageBackOffMaxMs }: DeliveryPolicy): number {
  return Math.max(backOff.minMs, Math.min(backOff.maxMs, outageBackOffMaxMs))
}

function retryAfterMs(outcome: Outcome): number {
  return 'retryAfterMs' in outcome ? (outcome.retryAfterMs ?? 0) : 0
}
