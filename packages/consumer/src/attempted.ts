import type { EffectState, Outcome } from '@hookline/delivery'
import type { Done } from './effect.ts'

/** What came of one attempt of one effect. `state`: what the effect keeps from now on, where that is new; it is stored. */
export interface Attempted {
  outcome: Outcome
  note?: string
  state?: EffectState
}

/** What a handler that returned has done. */
export function doneWith(done: void | Done, state: EffectState | undefined): Attempted {
  return { outcome: { kind: 'done' }, ...(done?.note !== undefined && { note: done.note }), ...(state && { state }) }
}
