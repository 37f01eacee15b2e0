import type { Mutant } from '../mutant.ts'
import { KEPT } from './kept.ts'
import { LOOP_EFFECTS } from './loop-effects.ts'
import { LOOP_INTAKE } from './loop-intake.ts'
import { LOOP_RELEASE } from './loop-release.ts'
import { MODEL_RELEASE } from './model-release.ts'
import { MODEL_STEPS } from './model-steps.ts'
import { ORDER_RECORD } from './order-record.ts'
import { PLANNING } from './planning.ts'
import { SETTLING } from './settling.ts'

/** Every guard of the protocol, taken out. */
export const MUTANTS: readonly Mutant[] = [
  ...PLANNING,
  ...ORDER_RECORD,
  ...SETTLING,
  ...MODEL_STEPS,
  ...MODEL_RELEASE,
  ...KEPT,
  ...LOOP_INTAKE,
  ...LOOP_EFFECTS,
  ...LOOP_RELEASE,
]
