import { expect, test } from 'vitest'
import { search, traceOf } from '../../../delivery/test/model/search.ts'
import { loop } from './loop.ts'

test('every guarantee holds under random schedules of the real loop, and every trouble bit', {
  timeout: 240_000,
}, async () => {
  const { finding, seen, schedules } = await search(loop, { firstSeed: 1, count: 800, variant: '' })
  expect(finding).toBeUndefined()
  expect(schedules).toBe(800)
  expect(loop.counters.filter(counter => seen[counter] === 0)).toEqual([])
})

test('a seed gives the same schedule of the real loop again', async () => {
  const once = await traceOf(loop, 1, 'everything')
  expect(once.length).toBeGreaterThan(20)
  expect(await traceOf(loop, 1, 'everything')).toEqual(once)
})
