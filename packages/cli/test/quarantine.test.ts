import { catalogues } from '@hookline/contracts'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Judgement } from '../src/quarantine/judging.ts'
import { namesIn } from '../src/quarantine/names-in.ts'
import type { QuarantinedRequest } from '../src/quarantine/read.ts'
import { isMeant, openOnly } from '../src/quarantine/selection.ts'
import type { JudgedRequest } from '../src/quarantine/verify.ts'
import { quarantineListText } from '../src/text/quarantine-list-text.ts'
import { outcomeTexts } from '../src/text/quarantine-outcome.ts'
import { REASONS } from '../src/text/quarantine-reason.ts'
import { quarantineReleaseText } from '../src/text/quarantine-release-text.ts'
import { quarantineVerifyText } from '../src/text/quarantine-verify-text.ts'
import { PLAIN } from './plain-look.ts'

const AT = '2026-03-01T10:00:00.000Z'
const REQUEST: QuarantinedRequest = {
  request_id: '5f0c2d1e-8a4b-4c6d-9e0f-1a2b3c4d5e6f',
  source: 'points',
  reason: 'mismatch',
  verified: false,
  secret_id: null,
  received_at: AT,
  body_bytes: 1_500,
  kept_bytes: 1_500,
  event: 'approved',
  order_id: '0b5e7a52-4f0e-4a53-9d3c-2f6f3c0f7a11',
  released: null,
}
const RELEASED = { ...REQUEST, released: { at: AT, topic: 'points.webhook', order_id: 'a' } }
const NOT_VERIFIED: Judgement = { kind: 'not_verified', reason: 'mismatch', secret_id: null }

const widest = (text: string) => Math.max(...text.split('\n').map(line => line.length))

it('what is meant is asked of source, reason, time, state and id together', () => {
  expect(isMeant({}, REQUEST)).toBe(true)
  expect(isMeant({ source: ['hc', 'points'], reason: ['mismatch'], state: 'open' }, REQUEST)).toBe(true)
  const order = [REQUEST.order_id ?? '']
  expect(isMeant({ order }, REQUEST)).toBe(true)
  expect(isMeant({ order }, { ...REQUEST, order_id: null })).toBe(false)
  for (const other of [
    { source: ['hc'] },
    { reason: ['missing'] },
    { order: ['another'] },
    { after: Date.parse(AT) + 1 },
    { before: Date.parse(AT) },
    { state: 'released' as const },
    { ids: ['another'] },
  ]) {
    expect(isMeant({ source: ['points'], ...other }, REQUEST)).toBe(false)
  }
  expect(isMeant({ after: Date.parse(AT), before: Date.parse(AT) + 1 }, REQUEST)).toBe(true)
})

it('what was released is meant again only where it is named', () => {
  expect(isMeant(openOnly({ source: ['points'] }), RELEASED)).toBe(false)
  expect(isMeant(openOnly({ ids: [RELEASED.request_id] }), RELEASED)).toBe(true)
})

it('event and order id are read from whole bodies, and never anything that is not usable', () => {
  const names = (body: unknown) => namesIn(catalogues.points, Buffer.from(JSON.stringify(body)))
  expect(names({ event: 'approved', order: { id: 'a-1' } })).toEqual({ event: 'approved', order_id: 'a-1' })
  expect(names({ event: 'approved', order: { id: '\u001b[2J' } })).toEqual({ event: 'approved', order_id: null })
  const nothing = { event: null, order_id: null }
  for (const body of [null, 5, [], { event: 'no\nname' }]) expect(names(body)).toEqual(nothing)
  expect(namesIn(catalogues.points, Buffer.from('{"event":"approved","or'))).toEqual(nothing)
  expect(namesIn(undefined, Buffer.from('{}'))).toEqual(nothing)
})

it('no bytes make reading a body throw, or show more than an event and an id', () => {
  const body = fc.oneof(
    fc.uint8Array().map(bytes => Buffer.from(bytes)),
    fc.json().map(text => Buffer.from(text)),
    fc.record({ event: fc.anything(), order: fc.anything() }).map(value => Buffer.from(fc.stringify(value))),
    fc
      .record({ event: fc.string(), order: fc.record({ id: fc.string() }) })
      .map(value => Buffer.from(JSON.stringify(value))),
  )
  fc.assert(
    fc.property(body, bytes => {
      const { event, order_id } = namesIn(catalogues.points, bytes)
      expect(event ?? 'a').toMatch(/^[a-z][a-z0-9_.]{0,63}$/)
      expect(order_id ?? 'a').toMatch(/^[A-Za-z0-9_.:-]{1,128}$/)
    }),
  )
})

it('a list tells sums, requests, what is not verified, and what comes next, in 80 columns', () => {
  const sum = { source: 'points', verified: false, requests: 12_000, released: 270, body_bytes: 62_617_280, newest: AT }
  const requests = [REQUEST, RELEASED, { ...REQUEST, verified: true, reason: 'no_order_id', order_id: null }]
  const sums = Object.keys(REASONS).map(reason => ({ ...sum, reason }))
  const text = quarantineListText({ now: AT, sums, requests, more: true, unreadable: 1 }, PLAIN)
  expect(text).toMatch(/^points {2}mismatch +12000 +270 +59\.7 MiB {2}2026-03-01 10:00:00$/m)
  expect(text).toContain('not verified, says: approved of order\n    0b5e7a52')
  expect(text).toContain('released 2026-03-01 10:00:00')
  expect(text).toContain('1 record of another form')
  expect(text).toContain('hookline quarantine verify')
  expect(widest(text)).toBeLessThanOrEqual(80)
})

it('each outcome says what to do, in 80 columns; what can be released comes first', () => {
  const releasable = {
    kind: 'releasable',
    topic: 't',
    order_id: 'a',
    event: 'b',
    version: '1',
    secret_id: null,
  } as const
  const judgements: readonly Judgement[] = [
    ...Object.keys(REASONS).map(reason => ({ kind: 'not_verified' as const, reason, secret_id: 'env' })),
    { kind: 'no_secret' },
    { kind: 'refused', code: 'invalid_order_id', message: 'The order id is missing or not usable.' },
    { kind: 'still_kept', code: 'no_order_id', message: '' },
    { kind: 'still_kept', code: 'invalid_time', message: '' },
    { kind: 'cut' },
    { kind: 'unknown_source' },
    releasable,
  ]
  for (const judged of judgements) expect(outcomeTexts('points', judged).detail).toMatch(/^[A-Z].*\.$/)
  const requests: JudgedRequest[] = judgements.map(judged => ({ ...REQUEST, judged }))
  const text = quarantineVerifyText({ now: AT, releasable: 1, requests }, PLAIN)
  expect(text).toMatch(
    /^1 of 17 requests can be released\.\n\nSOURCE +REQUESTS +OUTCOME\npoints +1 {2}can be released\n/,
  )
  expect(widest(text)).toBeLessThanOrEqual(80)
})

it('of many requests of one outcome the newest three are told', () => {
  const requests = ['a', 'b', 'c', 'd'].map(request_id => ({ ...REQUEST, request_id, judged: NOT_VERIFIED }))
  expect(quarantineVerifyText({ now: AT, releasable: 0, requests }, PLAIN)).toContain('    a, b, c, …')
  const three = quarantineVerifyText({ now: AT, releasable: 0, requests: requests.slice(1) }, PLAIN)
  expect(three).toMatch(/ {4}b, c, d$/)
})

it('a release tells what went where, what failed and what is left', () => {
  const done = { source: 'hc', released: true, topic: 'hc.webhook', order_id: 'a', partition: 0, offset: '1' } as const
  const failed = Array.from({ length: 22 }, (_, n) => {
    return { request_id: `f${n}`, source: 'hc', released: false, why: 'publish_timeout' } as const
  })
  const requests = [{ ...done, request_id: 'x', marked: true }, { ...done, request_id: 'y', marked: false }, ...failed]
  const counts = { released: 2, failed: 22, not_releasable: 4, left: 7, interrupted: false }
  const text = quarantineReleaseText({ requests, ...counts }, PLAIN)
  expect(text).toContain('2 requests released.\n  2 to hc.webhook\n  f0: publish_timeout\n')
  expect(text).toContain('  and 2 more: --json has them all\n')
  expect(text).toContain('4 cannot be released and stay')
  expect(text).toContain('7 more can be released: run it again.')
  expect(text).toContain('did not take the mark: y.')
  const none = { requests: [], released: 0, failed: 0, not_releasable: 0, left: 0, interrupted: false }
  expect(quarantineReleaseText(none, PLAIN)).toBe('Nothing was released.')
})
