import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { SecretsBySource } from '../src/secrets/secret.ts'
import { openSources } from '../src/sources/open-sources.ts'
import { declaredSources } from '../src/sources/declared-sources.ts'
import { failedRatio, isWave, MIN_FAILED } from '../src/waves/is-wave.ts'
import { lastMinute } from '../src/waves/last-minute.ts'
import { points } from './requests.ts'
import { NOW, runningApp } from './running-app.ts'
import { secretOf } from './schemes.ts'

const SECOND_MS = 1_000
const MINUTE_MS = 60_000

describe('the last minute', () => {
  test('holds what happened in the last 60 seconds, and forgets it second by second', () => {
    const minute = lastMinute<'good' | 'bad'>()
    for (let second = 0; second < 60; second++) minute.add('good', NOW + second * SECOND_MS)
    minute.add('bad', NOW)
    const after = (seconds: number) => Object.fromEntries(minute.counts(NOW + seconds * SECOND_MS))
    expect(after(59)).toEqual({ good: 60, bad: 1 })
    expect(after(60)).toEqual({ good: 59 })
    expect(after(100)).toEqual({ good: 19 })
    expect(after(119)).toEqual({})
    expect(after(1e6)).toEqual({})
  })

  test('is what a list of all times would tell, also where the clock jumps forward', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 45 * SECOND_MS }), { maxLength: 200 }), steps => {
        const minute = lastMinute<'one'>()
        const all: number[] = []
        let now = NOW
        for (const step of steps) {
          now += step
          all.push(now)
          minute.add('one', now)
          const from = Math.floor(now / SECOND_MS) - 60
          expect(minute.counts(now).get('one')).toBe(all.filter(at => Math.floor(at / SECOND_MS) > from).length)
        }
      }),
    )
  })

  test('counts nothing twice and nothing of the future where the clock is set back', () => {
    const minute = lastMinute<'one'>()
    minute.add('one', NOW + 30 * SECOND_MS)
    expect(minute.counts(NOW).get('one')).toBeUndefined()
    minute.add('one', NOW - MINUTE_MS + 30 * SECOND_MS)
    expect(minute.counts(NOW).get('one')).toBe(1)
  })
})

describe('a wave', () => {
  test.each([
    ['one of one is none', { verified: 0, failed: 1 }, false],
    ['a few among none are none', { verified: 0, failed: MIN_FAILED - 1 }, false],
    ['many among none are one', { verified: 0, failed: MIN_FAILED }, true],
    ['half are none', { verified: 100, failed: 100 }, false],
    ['more than half are one', { verified: 100, failed: 101 }, true],
    ['many strangers among far more senders are none', { verified: 10_000, failed: 1_000 }, false],
  ])('%s', (_name, verdicts, wave) => {
    expect(isWave(verdicts, { was: false })).toBe(wave)
  })

  test('that has begun goes on at a rate on the border, and is over when little of it is left', () => {
    const on = (verified: number, failed: number) => isWave({ verified, failed }, { was: true })
    expect([on(100, 99), on(100, 50), on(0, 19), on(0, 11)]).toEqual([true, true, true, true])
    expect([on(90, 30), on(0, 10), on(0, 0)]).toEqual([false, false, false])
  })

  test('has a ratio of 0 where nothing came', () => {
    expect([failedRatio({ verified: 0, failed: 0 }), failedRatio({ verified: 3, failed: 1 })]).toEqual([0, 0.25])
  })
})

/** An ingress whose source has two secrets, of which the sender may use either, or one that is unknown. */
async function atRotation() {
  const secret = (id: string, seed: number) => {
    return { id, label: id, secret: secretOf(seed), notBefore: -Infinity, notAfter: Infinity }
  }
  const secrets: SecretsBySource = new Map([
    ['points', { secrets: [secret('old', 1), secret('new', 2)], rotatingUntil: -Infinity }],
    ['hc', { secrets: [secret('only', 3)], rotatingUntil: -Infinity }],
  ])
  const clock = { now: NOW }
  const sources = openSources({ declared: declaredSources, secrets, values: {} })
  const ingress = await runningApp(async () => undefined, { sources, secrets: () => secrets, now: () => clock.now })
  const lines = (msg: string) =>
    ingress
      .log()
      .split('\n')
      .filter(line => line !== '')
      .map((line): Record<string, unknown> => JSON.parse(line))
      .filter(line => line['msg'] === msg)
  return {
    ingress,
    begun: () => lines('verification wave'),
    over: () => lines('verification wave over'),
    /** Requests with a secret, then a look. */
    async send(seed: number, count: number) {
      for (let n = 0; n < count; n++) await ingress.ask(points({ headers: { 'x-webhook-secret': secretOf(seed) } }))
      ingress.lookForWaves()
    },
    later(ms: number) {
      clock.now += ms
      ingress.lookForWaves()
    },
    gauges: async (source: string) =>
      Promise.all(
        ['verified_last_minute', 'not_verified_last_minute', 'not_verified_ratio'].map(name =>
          ingress.metric(`hookline_webhooks_${name}{source="${source}"}`),
        ),
      ),
  }
}

test('a wave is said once when it begins, with the secrets that still match, and once when it is over', async () => {
  const { ingress, begun, over, send, later, gauges } = await atRotation()
  expect(await gauges('points')).toEqual([0, 0, 0])
  await send(1, 5)
  await send(9, 19)
  expect(begun()).toEqual([])
  await send(9, 1)
  await send(9, 40)
  expect(await gauges('points')).toEqual([5, 60, 60 / 65])
  expect(await gauges('hc')).toEqual([0, 0, 0])
  expect(begun()).toMatchObject([
    {
      level: 'error',
      source: 'points',
      failed: 20,
      verified: 5,
      reasons: { mismatch: 20 },
      matched: ['old'],
      unmatched: ['new'],
      causes: [expect.stringContaining('rotated on one side'), expect.stringContaining('copied wrongly')],
      next: 'docs/operations/mismatch-wave.md',
    },
  ])
  expect(over()).toEqual([])

  later(MINUTE_MS)
  expect(over()).toMatchObject([{ level: 'info', source: 'points', failed: 0, verified: 0 }])
  later(MINUTE_MS)
  expect([begun().length, over().length]).toEqual([1, 1])
  expect(await gauges('points')).toEqual([0, 0, 0])

  // the next one is another
  await send(9, 20)
  expect(begun()).toHaveLength(2)
  expect(begun()[1]).toMatchObject({ matched: [], unmatched: ['old', 'new'] })
  await ingress.app.close()
})

test('calm traffic with single failures says nothing', async () => {
  const { ingress, begun, over, send, later, gauges } = await atRotation()
  for (let n = 0; n < 5; n++) {
    await send(2, 10)
    await send(9, 1)
    later(5 * SECOND_MS)
  }
  expect(await gauges('points')).toEqual([50, 5, 5 / 55])
  later(MINUTE_MS)
  expect([...begun(), ...over()]).toEqual([])
  await ingress.app.close()
})
