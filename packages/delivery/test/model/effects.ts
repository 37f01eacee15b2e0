import type { Entry, LaneEffect, OrderRecord, Outcome } from '../../src/index.ts'
import { clock, gap, type Site, type Steps } from './instance.ts'
import { NO_ANSWER, type Request } from './target.ts'
import { violated, type World } from './world.ts'

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
  const { protocol, seen } = site.world
  lane.run = protocol.plan(lane.record).filter(({ begun }) => begun)
  lane.outcomes = new Map()
  if (lane.run.length === 1 && lane.run[0]?.unsure) seen['unsure alone']++
  let { floors } = lane.record
  for (const entry of lane.run) {
    const outcomes = new Map<string, Outcome>()
    lane.outcomes.set(entry.id, outcomes)
    for (const effect of entry.effects) {
      const verdict = protocol.judge(effect, entry, floors)
      if (verdict === 'run') {
        if (!(yield* holdsLease(site, lane))) return
        const outcome = yield* call(site, lane, entry, effect)
        outcomes.set(effect.name, outcome)
        if (outcome.kind === 'done') floors = protocol.raise(floors, entry, [effect])
      } else outcomes.set(effect.name, skipped(verdict))
    }
    count(site.world, outcomes)
    if (!isFinished(lane, entry)) return
  }
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

function* call(site: Site, lane: Lane, entry: Entry, effect: LaneEffect): Steps<Outcome> {
  const { world, target, instance } = site
  gap(site)
  yield
  checkRight(site, lane, entry)
  const event = world.workload.events.get(entry.id)
  if (!event) throw new Error(`no event ${entry.id}`)
  const request = makeRequest(world, { event, effect, token: lane.token })
  const attempt = target.attempts.begin(
    { event: event.id, order: event.order, effect: effect.name, token: lane.token, instance },
    leaseIsOver(site, lane),
  )
  if (event.poison) {
    if (world.random.chance(0.5)) target.send(request)
    instance.killed = true
    world.killers.add(event.id)
    for (;;) yield
  }
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
