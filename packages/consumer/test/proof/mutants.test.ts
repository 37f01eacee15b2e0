import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import pLimit from 'p-limit'
import { expect, test } from 'vitest'
import { edited } from './mutant.ts'
import { MUTANTS } from './mutants/index.ts'
import { ROOT } from './repository.ts'
import { searchMany } from './search-many.ts'

/** From the seed near which it is noticed on: several times what it takes. */
const ENOUGH = { model: 330, loop: 90 }

const slot = pLimit(Math.min(2, availableParallelism()))

test('each guard that is taken out is there, once, under a name of its own', () => {
  for (const { guard, edits } of MUTANTS) {
    for (const [file, own] of Map.groupBy(edits, edit => edit.file)) {
      expect(() => edited(readFileSync(join(ROOT, file), 'utf8'), own), guard).not.toThrow()
    }
  }
  expect(new Set(MUTANTS.map(({ guard }) => guard)).size).toBe(MUTANTS.length)
})

test.concurrent.each(
  MUTANTS.flatMap(({ guard, edits, by }) => (by.kind === 'model' || by.kind === 'loop' ? [{ guard, edits, by }] : [])),
)('a schedule notices when this guard is gone: $guard', { timeout: 240_000 }, ({ edits, by }) =>
  slot(async () => {
    const range = { firstSeed: by.seed ?? 1, count: ENOUGH[by.kind], variant: '', chunk: 10, processes: 1 }
    const { finding } = await searchMany({ proof: by.kind, edits }, range)
    expect(finding?.guarantee).toBeDefined()
    expect(finding?.guarantee).not.toBe('nothing throws') // it would be the mutant's own bug
  }),
)

test.each(MUTANTS.flatMap(({ guard, by }) => (by.kind === 'test' ? [{ guard, ...by }] : [])))(
  'the test that notices when this guard is gone is there: $guard',
  ({ file, title }) => {
    expect(readFileSync(join(ROOT, file), 'utf8')).toContain(title)
  },
)
