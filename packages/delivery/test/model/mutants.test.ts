import { expect, test } from 'vitest'
import { MUTANTS } from './mutants.ts'
import { runSchedules } from './run.ts'

/** Several times what the rarest of them takes. */
const SCHEDULES = 4_000

test.each(MUTANTS)('the schedules notice when this guard is gone: $name', { timeout: 120_000 }, ({ protocol }) => {
  const { finding } = runSchedules({ schedules: SCHEDULES, firstSeed: 1, protocol })
  expect(finding?.guarantee).toBeDefined()
  expect(finding?.guarantee).not.toBe('nothing throws') // it would be the mutant's own bug
})
