import { expect, test } from 'vitest'
import { model } from './model.ts'
import { search, traceOf } from './search.ts'

test('every guarantee holds under random crashes, pauses, late answers, rebalances and redrives, and each of them bit', {
  timeout: 240_000,
}, async () => {
  const { finding, seen, schedules } = await search(model, { firstSeed: 1, count: 4_000, variant: '' })
  expect(finding).toBeUndefined()
  expect(schedules).toBe(4_000)
  expect(model.counters.filter(counter => seen[counter] === 0)).toEqual([])
})

test('a seed gives the same schedule again', async () => {
  const once = await traceOf(model, 4, 'keyed target, all faults, several effects')
  expect(once.length).toBeGreaterThan(20)
  expect(await traceOf(model, 4, 'keyed target, all faults, several effects')).toEqual(once)
})
