import type { LaneEffect, Outcome } from '../../src/index.ts'
import { type Attempts, attemptLedger } from './attempts.ts'
import type { Store } from './store.ts'
import { isKeyed, note, violated, type World } from './world.ts'
import type { ModelEvent } from './workload.ts'

/** A request on its way. `answer` is what its sender knows of it. */
export interface Request {
  readonly event: ModelEvent
  readonly effect: LaneEffect
  readonly token: string
  readonly arrivesAt: number
  /** Never arrives. */
  readonly lost: boolean
  /** Arrives, but its answer does not. */
  readonly mute: boolean
  readonly failure: Exclude<Outcome, { kind: 'stale' }> | undefined
  answer: Exclude<Outcome, { kind: 'stale' }> | undefined
}

/** The other side: what was asked of it, and what it executed. */
export interface Target {
  readonly attempts: Attempts
  send(request: Request): void
  /** Requests that are due arrive. */
  deliver(): void
  isQuiet(): boolean
  executions(event: ModelEvent, effect: LaneEffect): number
  /** An effect happens. */
  execute(what: Pick<Request, 'event' | 'effect' | 'token'>): void
}

export const NO_ANSWER = { kind: 'unknown', message: 'no answer' } as const

export function createTarget(world: World, store: Store): Target {
  const onTheWay: Request[] = []
  const executed = new Map<string, number>()
  const newest = new Map<string, { version: string; terminal: boolean }>()
  const executions = (event: ModelEvent, effect: LaneEffect) => executed.get(`${event.id}/${effect.name}`) ?? 0

  function serve(request: Request): void {
    request.answer = NO_ANSWER
    if (request.lost) return
    const answer = answerOf(world, request)
    if (!request.mute) request.answer = answer
    if (answer.kind === 'done' && !isRepeated(request)) execute(request)
  }

  function isRepeated({ event, effect, token }: Request): boolean {
    if (!isKeyed(world) || executions(event, effect) === 0) return false
    note(world, () => `  ${event.id} ${effect.name} is executed already, asked by ${token}`)
    return true
  }

  function execute({ event, effect, token }: Pick<Request, 'event' | 'effect' | 'token'>): void {
    const times = executions(event, effect)
    note(world, () => `  executed ${event.id} ${effect.name} for the ${times + 1}. time, asked by ${token}`)
    if (store.orders.get(event.order)?.owner !== token) world.seen['late execution']++
    executed.set(`${event.id}/${effect.name}`, times + 1)
    if (times === 0) checkFirst(event)
    checkPrerequisite(event)
    checkOrder(event, effect, times)
  }

  function checkFirst(event: ModelEvent): void {
    const state = store.inbox.get(event.id)
    if (state !== 'open') violated(world, 'what is over never executes for the first time', `${event.id} ${state}`)
  }

  function checkPrerequisite(event: ModelEvent): void {
    const order = world.workload.orders.find(({ id }) => id === event.order)
    if (!order?.needsPrerequisite || event.creating || world.granted.withoutPrerequisite.has(event.order)) return
    const creator = order.creator
    const isKnown =
      creator && store.inbox.has(creator.id) && creator.effects.every(each => executions(creator, each) > 0)
    if (!isKnown) violated(world, 'what makes the order known comes first', event.id)
  }

  function checkOrder(event: ModelEvent, effect: LaneEffect, times: number): void {
    if (effect.floor === undefined) return
    const key = `${event.order} ${effect.floor}`
    const top = newest.get(key)
    if (top && event.version < top.version) {
      if (isKeyed(world)) violated(world, 'no older snapshot is executed', `${event.id} after ${top.version}`)
      return
    }
    const passes = effect.terminal || world.granted.passTerminal.has(event.id)
    if (times === 0 && top?.terminal && !passes) {
      violated(world, 'nothing passes a terminal event by itself', `${event.id} after ${top.version}`)
    }
    newest.set(key, { version: event.version, terminal: effect.terminal === true })
  }

  return {
    attempts: attemptLedger(world),
    send: request => onTheWay.push(request),
    deliver: () => {
      for (let i = onTheWay.length - 1; i >= 0; i--) {
        const request = onTheWay[i]
        if (!request || request.arrivesAt > world.now) continue
        onTheWay.splice(i, 1)
        serve(request)
      }
    },
    isQuiet: () => onTheWay.length === 0,
    executions,
    execute,
  }
}

/** What the other side says to a request, or the service's own database to a transaction. */
export function answerOf(
  world: World,
  { event, failure }: Pick<Request, 'event' | 'failure'>,
): Exclude<Outcome, { kind: 'stale' }> {
  if (world.noisy && world.now < event.refusedUntil) {
    return { kind: 'permanent', reason: 'permanent', message: 'refused' }
  }
  if (world.noisy && world.now < event.failsUntil) return { kind: 'retry', message: 'fails over it' }
  if (world.noisy && world.now < event.awayUntil) return { kind: 'outage', message: 'is away' }
  return failure ?? { kind: 'done' }
}
