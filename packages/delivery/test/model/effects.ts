import {
  type EffectState,
  type Entry,
  type Floors,
  judge,
  type LaneEffect,
  type OrderRecord,
  type Outcome,
  plan,
  raise,
} from '../../src/index.ts'
import { checkHanded, handedTo, returnedBy, storeProgress } from './kept-state.ts'
import { inTransaction } from './own-database.ts'
import { clock, gap, type Site, type Steps } from './instance.ts'
import { NO_ANSWER, type Request } from './target.ts'
import { isOwn, violated, type World } from './world.ts'
import type { ModelEvent } from './workload.ts'

/** An order that this instance claimed, and what came of it so far. */
export interface Lane {
  readonly order: string
  readonly token: string
  record: OrderRecord
  /** Before the write that gave or renewed the lease was sent. */
  leasedAt: number
  run: readonly Entry[]
  outcomes: Map<string, Map<string, Outcome>>
  zombieCalls: number
}

export function newLane(order: string, token: string, record: OrderRecord, leasedAt: number): Lane {
  return { order, token, record, leasedAt, run: [], outcomes: new Map(), zombieCalls: 0 }
}

/** E: the run of one lane, in order, until something is not finished. */
export function* runLane(site: Site, lane: Lane): Steps {
  const { seen } = site.world
  lane.run = plan(lane.record).filter(({ begun }) => begun)
  lane.outcomes = new Map()
  if (!isInOrder(lane.run)) violated(site.world, 'a run goes by version, the creating event first', lane.order)
  if (lane.run.length === 1 && lane.run[0]?.unsure) seen['unsure alone']++
  let { floors } = lane.record
  for (const entry of lane.run) {
    const outcomes = new Map<string, Outcome>()
    lane.outcomes.set(entry.id, outcomes)
    for (const effect of entry.effects) {
      const verdict = judge(effect, entry, floors)
      if (verdict === 'run') {
        if (!(yield* holdsLease(site, lane))) return
        const { outcome, state } = yield* attempt(site, lane, { entry, effect, floors })
        outcomes.set(effect.name, outcome)
        if (outcome.kind === 'done') floors = raise(floors, entry, [effect], state)
      } else outcomes.set(effect.name, skipped(verdict))
    }
    count(site.world, outcomes)
    if (!isFinished(lane, entry)) return
  }
}

/** Said without the functions under test. */
function isInOrder(run: readonly Entry[]): boolean {
  return run.every((entry, i) => {
    const before = run[i - 1]
    if (!before) return true
    return before.creating === entry.creating ? before.version < entry.version : before.creating
  })
}

export function isFinished(lane: Lane, entry: Entry): boolean {
  const outcomes = lane.outcomes.get(entry.id)
  if (!outcomes) return false
  return entry.effects.every(({ name }) => ['done', 'stale'].includes(outcomes.get(name)?.kind ?? ''))
}

export function leaseIsOver({ world }: Site, lane: Lane): boolean {
  return world.now - lane.leasedAt >= world.limits.policy.leaseMs
}

function skipped(verdict: 'stale' | 'after_terminal'): Outcome {
  if (verdict === 'stale') return { kind: 'stale' }
  return { kind: 'permanent', reason: 'after_terminal', message: 'after a terminal event' }
}

/** Whether there is time for one call more. Judged by the monotonic clock; sometimes the lease is renewed. */
function* holdsLease(site: Site, lane: Lane): Steps<boolean> {
  const { world, store } = site
  const { policy, effectMs, marginMs } = world.limits
  const lastCall = () => lane.leasedAt + policy.leaseMs - effectMs - marginMs
  const wants = world.variant.faults !== 'targets' && world.now >= lastCall() - 20 && world.random.chance(0.5)
  if (!wants) return world.now < lastCall()
  const leasedAt = world.now
  const wakeAt = clock(site) + policy.leaseMs
  yield
  if (!store.renew(lane.order, lane.token, wakeAt)) {
    world.seen['renewal refused']++
    return false
  }
  world.seen.renewal++
  lane.leasedAt = leasedAt
  return world.now < lastCall()
}

interface Todo {
  entry: Entry
  effect: LaneEffect
  floors: Floors
}

/** One attempt of one effect, and what it keeps from now on. */
function* attempt(
  site: Site,
  lane: Lane,
  { entry, effect, floors }: Todo,
): Steps<{ outcome: Outcome; state?: EffectState }> {
  const event = site.world.workload.events.get(entry.id)
  if (!event) throw new Error(`no event ${entry.id}`)
  const outcome = yield* call(site, lane, { entry, effect, floors, event })
  const returned = returnedBy(site.world, event, effect)
  if (outcome.kind !== 'done' || !returned.state) return { outcome }
  gap(site)
  if (isOwn(site.world, effect)) return { outcome, ...returned }
  const isStored = yield* storeProgress(site, lane, { id: entry.id, effect: effect.name, ...returned })
  if (isStored) return { outcome, ...returned }
  site.target.attempts.forgotten(({ token }) => token === lane.token)
  return { outcome: { kind: 'unknown', message: 'the claim was lost before what it returned was stored' } }
}

function* call(site: Site, lane: Lane, { entry, effect, floors, event }: Todo & { event: ModelEvent }): Steps<Outcome> {
  const { world, target, instance } = site
  gap(site)
  yield
  checkRight(site, lane, entry)
  checkHanded(site, lane, { event, effect, handed: handedTo(effect, floors) })
  const request = makeRequest(world, { event, effect, token: lane.token })
  const attempt = target.attempts.begin(
    { event: event.id, order: event.order, effect: effect.name, token: lane.token, instance },
    leaseIsOver(site, lane),
  )
  if (event.poison) {
    if (!isOwn(world, effect) && world.random.chance(0.5)) target.send(request)
    instance.killed = true
    world.killers.add(event.id)
    for (;;) yield
  }
  if (isOwn(world, effect)) return yield* inTransaction(site, lane, { entry, effect, event, floors })
  target.send(request)
  const sentAt = world.now
  while ((request.answer ?? NO_ANSWER).kind === 'unknown' && world.now - sentAt < world.limits.effectMs) yield
  const answer = request.answer ?? NO_ANSWER
  if (answer.kind === 'unknown') attempt.ambiguous = true
  else if (answer.kind !== 'done') attempt.settled = true // it executed nothing
  return answer
}

function checkRight({ world, store }: Site, lane: Lane, entry: Entry): void {
  const record = store.orders.get(lane.order)
  if (record?.owner === lane.token) {
    const isBegun = record.lane.some(({ id, begun }) => id === entry.id && begun)
    if (!isBegun) violated(world, 'only what is begun is called for', entry.id)
    return
  }
  world.seen['zombie call']++
  lane.zombieCalls++
  if (lane.zombieCalls > 1) violated(world, 'a zombie makes at most one call per claim', `${entry.id} ${lane.token}`)
}

function makeRequest(world: World, what: Pick<Request, 'event' | 'effect' | 'token'>): Request {
  const { random } = world
  const network = world.faultsOn && world.variant.faults === 'all'
  const failing = world.noisy && world.variant.faults !== 'poison' && random.chance(0.08)
  return {
    ...what,
    arrivesAt: world.now + random.below(6) + (network && random.chance(0.1) ? random.below(120) : 0),
    lost: network && random.chance(0.03),
    mute: network && random.chance(0.05),
    failure: failing ? failure(random.below(4), world.limits.retryAfterMs) : undefined,
    answer: undefined,
  }
}

function failure(which: number, retryAfterMs: number): Request['failure'] {
  switch (which) {
    case 0:
      return { kind: 'outage', message: 'it is down' }
    case 1:
      return { kind: 'retry', message: 'too many requests', retryAfterMs }
    default:
      return { kind: 'retry', message: 'busy' }
  }
}

function count({ seen }: World, outcomes: ReadonlyMap<string, Outcome>): void {
  for (const { kind } of outcomes.values()) {
    if (kind === 'stale' || kind === 'retry' || kind === 'unknown' || kind === 'outage') seen[kind]++
  }
}
