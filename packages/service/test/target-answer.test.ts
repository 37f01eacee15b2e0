import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readableAnswer, retryAfterMs } from '../src/target-answer.ts'

const now = Date.parse('2026-01-01T00:00:00Z')

describe('Retry-After', () => {
  test.each([
    ['2', 2_000],
    ['0', 0],
    [' 120 ', 120_000],
    ['1.5', 1_500],
    ['Thu, 01 Jan 2026 00:01:00 GMT', 60_000],
    ['Wed, 31 Dec 2025 23:59:00 GMT', 0],
    ['', undefined],
    ['-5', undefined],
    ['soon', undefined],
    ['99999999999999999999', undefined],
    [undefined, undefined],
  ])('%j is %j ms', (value, expected) => {
    expect(retryAfterMs(value, now)).toBe(expected)
  })

  test('a wait of more than an hour is an hour', () => {
    expect(retryAfterMs('999999999', 0)).toBe(3_600_000)
    expect(retryAfterMs('Fri, 01 Jan 2100 00:00:00 GMT', 0)).toBe(3_600_000)
  })

  test('any other text is a time not in the past, or none', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        expect(retryAfterMs(text, now) ?? 0).toBeGreaterThanOrEqual(0)
      }),
    )
  })
})

describe('an answer for people', () => {
  test('has no mail address, whatever is around it', () => {
    const around = ['<%>', '"%"', ' %,', 'to=%;', '{"email":"%"}', '%', 'mailto:%']
    for (const text of around) {
      expect(readableAnswer(text.replace('%', 'a.b+c@mail.example.com'))).toBe(text.replace('%', '<address>').trim())
    }
  })

  test('is at most a kilobyte of one line, of any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 4_096 }), bytes => {
        const answer = readableAnswer(Buffer.from(bytes))
        expect(answer).not.toMatch(/\p{Cc}/u)
        expect(answer.length).toBeLessThanOrEqual(1_024)
      }),
    )
  })
})
