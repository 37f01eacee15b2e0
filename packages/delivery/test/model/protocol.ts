import { arrive, isHeld, judge, plan, raise, redrive, settle, takeOver, unseen } from '../../src/index.ts'

/** The decisions that a schedule runs. A mutant replaces some of them. */
export interface Protocol {
  unseen: typeof unseen
  arrive: typeof arrive
  plan: typeof plan
  isHeld: typeof isHeld
  judge: typeof judge
  raise: typeof raise
  takeOver: typeof takeOver
  settle: typeof settle
  redrive: typeof redrive
}

export const production: Protocol = {
  unseen,
  arrive,
  plan,
  isHeld,
  judge,
  raise,
  takeOver,
  settle,
  redrive,
}
