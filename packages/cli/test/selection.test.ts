import { expect, it } from 'vitest'
import { selectionOf, timeOf } from '../src/selection.ts'

const NOW = Date.UTC(2026, 0, 2)

it.each([
  ['30m', NOW - 1_800_000],
  ['12h', NOW - 43_200_000],
  ['2d', NOW - 172_800_000],
  ['2026-01-01', Date.UTC(2026, 0, 1)],
  ['2026-01-01T10:00:00Z', Date.UTC(2026, 0, 1, 10)],
  ['2026-01-01T10:00:00.5+02:00', Date.UTC(2026, 0, 1, 8, 0, 0, 500)],
])('%s is a time', (text, time) => {
  expect(timeOf(text, NOW)).toBe(time)
})

it.each(['2026-01-01T10:00:00', '2026-13-01', 'yesterday', '5', '-2h', '2h ago', ''])('%s is no time', text => {
  expect(() => timeOf(text, NOW)).toThrow('It must be as')
})

it('what is not given selects nothing away', () => {
  expect(selectionOf({})).toEqual({})
  expect(selectionOf({ reason: ['permanent'], order: ['1'] }, ['e1'])).toEqual({
    reasons: ['permanent'],
    orders: ['1'],
    ids: ['e1'],
  })
})
