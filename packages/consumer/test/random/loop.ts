import type { Proof } from '../../../delivery/test/model/search.ts'
import { runSchedule } from './schedule.ts'
import { COUNTERS } from './seen.ts'
import { type Variant, VARIANTS } from './variants.ts'

/** The real loop over ports in memory, in virtual time, under random schedules. */
export const loop: Proof = {
  variants: VARIANTS.flatMap(({ name, weight }) => Array.from({ length: weight }, () => name)),
  counters: COUNTERS,
  run: (seed, variant, log) => runSchedule(seed, VARIANTS.find(({ name }) => name === variant) as Variant, log),
}
