import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseTime } from '../src/index.ts'
import { parseInstant } from '../src/time.ts'
import { eventOf, NOW, outcomeOf, pointsBody, read } from './deliveries.ts'

describe('a time is taken only where it is one exact instant', () => {
  test.each([
    ['2026-03-01T06:15:07Z', 1_772_345_707_000],
    ['2026-03-01T06:15:07.5Z', 1_772_345_707_500],
    ['2026-03-01T06:15:07.250125Z', 1_772_345_707_250],
    ['2026-03-01T09:15:07+03:00', 1_772_345_707_000],
    ['2026-03-01T09:15:07+0300', 1_772_345_707_000],
    ['2026-03-01T20:15:07+14:00', 1_772_345_707_000],
    ['2026-02-28T18:15:07-12:00', 1_772_345_707_000],
    ['2024-02-29T00:00:00Z', 1_709_164_800_000],
    ['2000-02-29T00:00:00Z', 951_782_400_000],
    ['2000-01-01T00:00:00Z', 946_684_800_000],
  ])('%s is taken', (text, ms) => {
    expect(parseTime(text)).toBe(ms)
  })

  test.each([
    undefined,
    null,
    {},
    [],
    1_772_345_707,
    1_772_345_707_000,
    '',
    '1772345707',
    '1772345707000',
    '2026-03-01',
    '2026-03-01T06:15Z',
    '2026-03-01T06:15:07',
    '2026-03-01 06:15:07Z',
    '2026-03-01t06:15:07z',
    '2026-03-01T06:15:07Z\n',
    ' 2026-03-01T06:15:07Z',
    '2026-03-01T06:15:07,5Z',
    '2026-03-01T06:15:07.Z',
    '2026-03-01T06:15:07.12345678901234Z',
    '2026-03-01T06:15:07+3',
    '2026-03-01T06:15:07+03',
    '2026-03-01T06:15:07+03:60',
    '2026-03-01T06:15:07+14:01',
    '2026-03-01T06:15:07-12:01',
    '2026-03-01T06:15:07 GMT',
    '2026-12-31T23:59:60Z',
    '2026-03-01T24:00:00Z',
    '2026-03-01T06:60:00Z',
    '2026-02-30T00:00:00Z',
    '2026-02-29T00:00:00Z',
    '2100-02-29T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-00-10T00:00:00Z',
    '2026-13-10T00:00:00Z',
    '2026-01-00T00:00:00Z',
    '0000-01-01T00:00:00Z',
    '0099-01-01T00:00:00Z',
    '1970-01-01T00:00:00Z',
    '1999-12-31T23:59:59.999Z',
    '2000-01-01T00:00:00+00:01',
    '9999-12-31T23:59:59Z',
    '+002026-03-01T06:15:07Z',
    '٢٠٢٦-03-01T06:15:07Z',
    'Sun, 01 Mar 2026 06:15:07 GMT',
  ])('%s is not', text => {
    expect(parseTime(text)).toBeUndefined()
  })

  test('every instant that JavaScript writes is read back, and no text makes the parser throw', () => {
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(2000, 0, 1), max: 9_999_999_999_999 }), ms => {
        expect(parseTime(new Date(ms).toISOString())).toBe(ms)
      }),
    )
    fc.assert(fc.property(fc.anything(), value => void parseTime(value)))
  })

  test('what a source sends below a millisecond is kept in ten digits', () => {
    expect(parseInstant('2026-03-01T06:15:07.250125Z')?.sub).toBe('1250000000')
    expect(parseInstant('2026-03-01T06:15:07Z')?.sub).toBe('0000000000')
  })
})

describe('an impossible time never reaches an order', () => {
  const at = (ms: number) => pointsBody('approved', {}, { timestamp: new Date(ms).toISOString() })

  test('five minutes ahead of our clock is still taken, a millisecond more is kept in quarantine', () => {
    expect(outcomeOf(read('points', at(NOW + 300_000)))).toBe('event')
    expect(outcomeOf(read('points', at(NOW + 300_001)))).toBe('quarantine 422 invalid_time')
  })

  test.each([undefined, '', {}, 1_772_345_707, '2026-03-01T06:15:07', '2036-03-01T06:15:07Z', '1999-12-31T23:59:59Z'])(
    'a webhook of time %s is kept in quarantine',
    timestamp => {
      expect(outcomeOf(read('points', pointsBody('approved', {}, { timestamp })))).toBe('quarantine 422 invalid_time')
    },
  )

  test('two ways to write one instant give one last_webhook_at', () => {
    const utc = eventOf(read('points', pointsBody('approved', {}, { timestamp: '2026-03-01T06:15:07Z' })))
    const local = eventOf(read('points', pointsBody('approved', {}, { timestamp: '2026-03-01T09:15:07+03:00' })))
    expect(utc.last_webhook_at).toBe('2026-03-01T06:15:07.000Z')
    expect(local.last_webhook_at).toBe(utc.last_webhook_at)
  })
})
