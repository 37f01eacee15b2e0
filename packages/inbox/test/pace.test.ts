import { expect, it } from 'vitest'
import { pace } from '../src/redrive/pace.ts'

it('a pace lets the first go at once, then so many in a second, and makes up for nothing by a burst', () => {
  let now = 1_000
  const { dueInMs, spend } = pace(20, () => now)
  expect(dueInMs()).toBe(0)
  spend(5)
  expect(dueInMs()).toBe(250)
  now += 200
  expect(dueInMs()).toBe(50)
  now += 10_000
  expect(dueInMs()).toBe(0)
  spend(1)
  expect(dueInMs()).toBe(50)
})
