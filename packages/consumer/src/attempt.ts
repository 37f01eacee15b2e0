import type { Entry, Floors, LaneEffect, Outcome } from '@hookline/delivery'
import { type Attempted, doneWith } from './attempted.ts'
import type { Done, Effect } from './effect.ts'
import { handlerContext } from './handler-context.ts'
import type { Lane } from './lane.ts'
import type { Loop } from './loop.ts'
import { outcomeOf } from './outcome-of.ts'
import { newState } from './new-state.ts'
import { reached } from './steps.ts'
import { storeProgress } from './store-progress.ts'
import { timeLimit } from './time-limit.ts'
import { inTransaction } from './transaction.ts'

/** One effect of an entry that is to be done now. `floors`: as this run has raised them so far. */
export interface Todo {
  readonly entry: Entry
  readonly effect: LaneEffect
  readonly floors: Floors
}

/** One attempt of one effect. What a handler throws is its outcome: it rejects only when the service ends. */
export async function attempt(loop: Loop, lane: Lane, todo: Todo): Promise<Attempted> {
  const { consumer, observer } = loop
  const { name } = todo.effect
  const effect = consumer.effects.find(one => one.name === name)
  const event = lane.events.get(todo.entry.id)
  // while a newer version is rolled out, its effects come to instances that do not know them: one that does is near
  if (!effect) return { outcome: { kind: 'retry', message: `effect ${name} is not declared here` } }
  if (!event) return { outcome: refused('the event is not in the inbox any more, or cannot be read') }
  const limit = timeLimit(lane.lease.signal, effect.timeoutMs, loop)
  const context = handlerContext(loop, lane, { ...todo, declared: effect, event, signal: limit.signal })
  const startedMs = performance.now()
  reached('effect_begun')
  const attempting = effect.transactional
    ? inTransaction(loop, lane, todo, transaction => effect.handler(event, { ...context, transaction }))
    : outside(loop, lane, todo, () => effect.handler(event, context))
  const attempted = await attempting.finally(limit.stop)
  observer.effectTook(name, performance.now() - startedMs)
  observer.count('effects', 1, { effect: name, outcome: attempted.outcome.kind })
  if (attempted.note !== undefined) observer.count('notes', 1, { effect: name, note: attempted.note })
  return { ...attempted, outcome: ofEffect(attempted.outcome, effect, limit.exceeded()) }
}

/** The effect is at a target: what the handler returns is stored after it. */
async function outside(
  loop: Loop,
  lane: Lane,
  { entry, effect, floors }: Todo,
  handle: () => Promise<void | Done>,
): Promise<Attempted> {
  let attempted: Attempted
  try {
    const done = await handle()
    reached('effect_ended')
    attempted = doneWith(done, newState(done, effect, floors))
  } catch (error) {
    return { outcome: outcomeOf(error) }
  }
  const { state } = attempted
  if (!state) return attempted
  const stored = await storeProgress(loop, lane, { id: entry.id, effect: effect.name, state })
  if (stored === 'stored') return attempted
  // not done: the inbox would say so, and whoever works on the order now would never learn what is to be kept
  return { outcome: { kind: 'unknown', message: 'the claim was lost before what it returned was stored' } }
}

/** The outcome with what the effect declares about its retries, and about its time where that was over. */
function ofEffect(outcome: Outcome, { retries, timeoutMs }: Effect, timedOut: boolean): Outcome {
  if (outcome.kind !== 'retry' && outcome.kind !== 'unknown') return outcome
  const message = timedOut ? `timed out after ${timeoutMs} ms: ${outcome.message}` : outcome.message
  return { ...outcome, message, ...(retries && { retries }) }
}

function refused(message: string): Outcome {
  return { kind: 'permanent', reason: 'permanent', message }
}
