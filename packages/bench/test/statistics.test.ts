import { expect, test } from 'vitest'
import { counted, percentile } from '../src/statistics.ts'

test('a percentile is a value that was measured, and no more than its share is above it', () => {
  const values = Array.from({ length: 1_000 }, (_, n) => 1_000 - n)
  expect([0.5, 0.99, 1].map(share => percentile(values, share))).toEqual([500, 990, 1_000])
  expect(percentile([7], 0.99)).toBe(7)
  expect(percentile([], 0.5)).toBe(0)
})

test('what comes most is told first', () => {
  expect(Object.entries(counted([200, 503, 200]))).toEqual([
    ['200', 2],
    ['503', 1],
  ])
})
