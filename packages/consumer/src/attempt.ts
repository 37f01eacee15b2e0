import type { EffectState, Entry, Floors, LaneEffect, Outcome } from '@hookline/delivery'
import type { Done } from './define-consumer.ts'
import { handlerContext } from './handler-context.ts'
import type { Lane } from './lane.ts'
import type { Loop } from './loop.ts'
import { outcomeOf } from './outcome-of.ts'
import { newState } from './new-state.ts'
import { reached } from './steps.ts'
import { storeProgress } from './store-progress.ts'
import { inTransaction } from './transaction.ts'

/** One effect of an entry that is to be done now. `floors`: as this run has raised them so far. */
export interface Todo {
  readonly entry: Entry
  readonly effect: LaneEffect
  readonly floors: Floors
}

/** What came of it. `state`: what the effect keeps from now on, where that is new; it is stored. */
export interface Attempted {
  outcome: Outcome
  note?: string
  state?: EffectState
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
  const context = handlerContext(loop, lane, { ...todo, declared: effect, event })
  const startedMs = performance.now()
  reached('effect_begun')
  const attempted = await (effect.transactional
    ? inTransaction(loop, lane, todo, transaction => effect.handler(event, { ...context, transaction }))
    : outside(loop, lane, todo, () => effect.handler(event, context)))
  observer.effectTook(name, performance.now() - startedMs)
  observer.count('effects', 1, { effect: name, outcome: attempted.outcome.kind })
  if (attempted.note !== undefined) observer.count('notes', 1, { effect: name, note: attempted.note })
  return attempted
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

/** What a handler that returned has done. */
export function doneWith(done: void | Done, state: EffectState | undefined): Attempted {
  return { outcome: { kind: 'done' }, ...(done?.note !== undefined && { note: done.note }), ...(state && { state }) }
}

function refused(message: string): Outcome {
  return { kind: 'permanent', reason: 'permanent', message }
}
