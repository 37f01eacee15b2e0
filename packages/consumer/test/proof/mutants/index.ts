import type { Mutant } from '../mutant.ts'
import { DECISIONS } from './decisions.ts'
import { KEPT } from './kept.ts'
import { LOOP_STEPS } from './loop-steps.ts'
import { MODEL_STEPS } from './model-steps.ts'
import { SETTLING } from './settling.ts'

/** Every guard of the protocol, taken out. */
export const MUTANTS: readonly Mutant[] = [...DECISIONS, ...SETTLING, ...MODEL_STEPS, ...KEPT, ...LOOP_STEPS]
