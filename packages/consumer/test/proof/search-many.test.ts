import { expect, test } from 'vitest'
import { MUTANTS } from './mutants/index.ts'
import { searchMany } from './search-many.ts'

const guard = 'plan: the unsure one before the creating event'
const edits = MUTANTS.find(mutant => mutant.guard === guard)?.edits ?? []
const range = { firstSeed: 1, count: 120, variant: '', chunk: 6 }

test('what is found, and what was run into until then, does not depend on the number of processes', async () => {
  const [one, two] = await Promise.all(
    [1, 2].map(processes => searchMany({ proof: 'model', edits }, { ...range, processes })),
  )
  expect(one?.finding).toBeDefined()
  expect(two).toEqual(one)
})

test('a search that is ended tells what was run so far', async () => {
  const ending = new AbortController()
  const found = await searchMany(
    { proof: 'model', edits: [] },
    { ...range, processes: 1, signal: ending.signal, onProgress: () => ending.abort() },
  )
  expect(found.schedules).toBe(6)
  expect(found.seen.call).toBeGreaterThan(0)
})
