import { runSchedule } from './schedule.ts'
import type { Proof } from './search.ts'
import { COUNTERS } from './seen.ts'
import { VARIANTS, type Variant } from './variants.ts'

/** The decisions of `packages/delivery` under random schedules. */
export const model: Proof = {
  variants: VARIANTS.map(({ name }) => name),
  counters: COUNTERS,
  run: async (seed, variant, log) => runSchedule(seed, VARIANTS.find(({ name }) => name === variant) as Variant, log),
}
