import { expect, it } from 'vitest'
import { toTheSecond, utc, when } from '../src/text/time.ts'

const NOW = '2026-01-01T12:00:00.000Z'

it.each([
  ['2026-01-01T12:00:00.400Z', 'now'],
  ['2026-01-01T12:00:12.000Z', 'in 12 s'],
  ['2026-01-01T11:59:30.000Z', '30 s ago'],
  ['2026-01-01T12:01:29.000Z', 'in 89 s'],
  ['2026-01-01T12:10:00.000Z', 'in 10 min'],
  ['2026-01-01T02:00:00.000Z', '10 h ago'],
  ['2026-01-04T12:00:00.000Z', 'in 3 d'],
])('%s is told as %s', (iso, hint) => {
  expect(when(iso, NOW)).toBe(`${toTheSecond(iso)} UTC (${hint})`)
})

it('a time is told in UTC, with milliseconds only where there are any', () => {
  expect(utc('2026-01-01T14:00:00+02:00')).toBe('2026-01-01 12:00:00')
  expect(utc('2026-01-01T12:00:00.250Z')).toBe('2026-01-01 12:00:00.250')
  expect(toTheSecond('2026-01-01T12:00:00.250Z')).toBe('2026-01-01 12:00:00')
})
