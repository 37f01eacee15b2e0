import { channel } from 'node:diagnostics_channel'

/** The steps of docs/architecture.md, each named by what has just happened when it is told. */
export const STEPS = [
  /** V: what no order record can hold is in the dead-letter topic, its offset is not resolved. */
  'letters_sent',
  /** A: the order records are read, the inbox knows nothing yet. */
  'orders_read',
  /** A is done: the events are open, in no lane. */
  'accepted',
  /** B is done: the orders are claimed, no offset is committed. */
  'claimed',
  /** G is done. */
  'committed',
  /** E: the handler is about to run. */
  'effect_begun',
  /** E: the handler came back, nothing of that is stored. */
  'effect_ended',
  /** E: what a handler returned to be kept, or a transaction, is stored; nothing else of its entry. */
  'progress_stored',
  /** F is done: the inbox says done, the order records do not. */
  'facts_stored',
  /** R, all went well: the orders are free. */
  'released',
  /** R, singly: the record is read, not written. */
  'settling',
  /** R, singly: the record is written. */
  'settled',
  /** S: records that are due are read, their events' states are not. */
  'due_read',
  /** S is done: orders of others are ours, nothing of them has run. */
  'taken_over',
  /** A lease was renewed. */
  'renewed',
] as const

export type Step = (typeof STEPS)[number]

const steps = channel('hookline:step')

/**
 * Tells who listens on the diagnostics channel `hookline:step` that this process came to a step, as `{ step }`, at once: a
 * tracer, or a test that ends the process at just this point. Costs nothing where nobody does.
 * Source: https://nodejs.org/api/diagnostics_channel.html
 */
export function reached(step: Step): void {
  if (steps.hasSubscribers) steps.publish({ step })
}
