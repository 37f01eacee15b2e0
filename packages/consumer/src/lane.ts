import type { Entry, OrderRecord, Outcome } from '@hookline/delivery'
import { judge, plan, raise } from '@hookline/delivery'
import { attempt } from './attempt.ts'
import type { HandledEvent } from './effect.ts'
import type { Lease } from './lease.ts'
import type { Loop } from './loop.ts'

/** One order's claim on its way from B to R. */
export interface Lane {
  readonly lease: Lease
  /** As the claim wrote it. */
  readonly record: OrderRecord
  /** The events of the run list, by id. */
  readonly events: Map<string, HandledEvent>
  readonly outcomes: Map<string, Map<string, Outcome>>
  readonly notes: Map<string, string>
}

/** The entries that this claim runs, in their order. */
export function runList(record: OrderRecord): readonly Entry[] {
  return plan(record).filter(entry => entry.begun)
}

/** Whether nothing of the entry is left to do. An entry without effects is finished as soon as it is reached. */
export function isFinished(entry: Entry, lane: Lane): boolean {
  const outcomes = lane.outcomes.get(entry.id)
  return outcomes !== undefined && entry.effects.every(({ name }) => isOver(outcomes.get(name)))
}

/**
 * E: the run list one after another, each effect in declared order, only while the lease surely holds and the service
 * does not end.
 * The lane stops at the first entry that is not finished, whatever the outcome; that entry's other effects are still tried.
 */
export async function runLane(lane: Lane, loop: Loop): Promise<void> {
  let { floors } = lane.record
  for (const entry of runList(lane.record)) {
    const outcomes = new Map<string, Outcome>()
    lane.outcomes.set(entry.id, outcomes)
    for (const todo of entry.effects) {
      const verdict = judge(todo, entry, floors)
      if (verdict === 'stale') {
        outcomes.set(todo.name, { kind: 'stale' })
        continue
      }
      if (verdict === 'after_terminal') {
        const message = 'newer than a terminal event: a person decides'
        outcomes.set(todo.name, { kind: 'permanent', reason: 'after_terminal', message })
        continue
      }
      if (!lane.lease.surelyHeld() || loop.isClosing()) return
      const { outcome, note, state } = await attempt(loop, lane, { entry, effect: todo, floors })
      outcomes.set(todo.name, outcome)
      if (note !== undefined) lane.notes.set(entry.id, note)
      if (outcome.kind === 'done') floors = raise(floors, entry, [todo], state)
    }
    if (!isFinished(entry, lane)) return
  }
}

function isOver(outcome: Outcome | undefined): boolean {
  return outcome?.kind === 'done' || outcome?.kind === 'stale'
}
