import { describe, expect, test } from 'vitest'
import { backOffMs } from '../src/index.ts'

const LIMITS = { minMs: 1_000, maxMs: 300_000 }
const ALMOST_ONE = 1 - Number.EPSILON

describe('a back-off', () => {
  test.each([
    [1, 500, 1_000],
    [2, 1_000, 2_000],
    [3, 2_000, 4_000],
    [9, 128_000, 256_000],
    [10, 150_000, 300_000],
    [11, 150_000, 300_000],
    [5_000, 150_000, 300_000],
  ])('doubles with each try up to its limit, half of it by chance: try %i', (tries, least, most) => {
    expect(backOffMs(LIMITS, tries, 0)).toBe(least)
    expect(backOffMs(LIMITS, tries, ALMOST_ONE)).toBe(most)
    expect(backOffMs(LIMITS, tries, 0.5)).toBe((least + most) / 2)
  })

  test('is that of the first try where nothing was tried yet', () => {
    expect(backOffMs(LIMITS, 0, 0)).toBe(backOffMs(LIMITS, 1, 0))
  })
})
