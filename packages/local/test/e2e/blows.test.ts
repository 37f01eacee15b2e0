import { expect, test } from 'vitest'
import { type Blow, effective, mailsWithSeveralIds, unexplainedRepeats } from './blows.ts'
import type { LedgerEntry, Ledgers } from './targets.ts'

const START_MS = Date.parse('2026-01-01T00:00:00.000Z')
const COUNTS = { redelivered: 0, accepted: 0, taken_over: 0, lost: 0, conflicts: 0, retried: 0, joined: 0 }

const blow = (fromSeconds: number, toSeconds: number): Blow => ({
  service: 'erp-sync',
  point: 'effect_sent',
  signal: 'SIGKILL',
  fromMs: START_MS + fromSeconds * 1_000,
  toMs: START_MS + toSeconds * 1_000,
  counts: COUNTS,
})

let n = 0
const request = (seconds: number, said: Partial<LedgerEntry> = {}): LedgerEntry => {
  const at = new Date(START_MS + seconds * 1_000).toISOString()
  const about = { order_id: 'order-1', event: 'approved', effect: 'order', key: 'key-1', version: 'v1' }
  return { n: ++n, at, arrived_at: at, ...about, executed: true, status: 200, ...said }
}
const again = { executed: false }
const ledgers = (of: Partial<Ledgers>): Ledgers => ({ erp: [], wms: [], mail: [], ...of })

test('a repeated request that no blow explains is told', () => {
  const erp = [request(1), request(5, again)]
  expect(unexplainedRepeats('erp', ledgers({ erp }), [])).toEqual([
    'erp: order of approved of order-1 2 times, 0 blows between',
  ])
  expect(unexplainedRepeats('erp', ledgers({ erp }), [blow(6, 7)])).toHaveLength(1)
  expect(unexplainedRepeats('erp', ledgers({ erp }), [{ ...blow(2, 3), service: 'wms' }])).toHaveLength(1)
})

test('a blow explains one repetition', () => {
  const erp = [request(1), request(5, again)]
  expect(unexplainedRepeats('erp', ledgers({ erp }), [blow(2, 3)])).toEqual([])
  const thrice = [...erp, request(6, again)]
  expect(unexplainedRepeats('erp', ledgers({ erp: thrice }), [blow(2, 3)])).toHaveLength(1)
  expect(unexplainedRepeats('erp', ledgers({ erp: thrice }), [blow(2, 3), blow(5.5, 5.8)])).toEqual([])
})

test('a refusal explains the request after it', () => {
  const erp = [request(1, { executed: false, status: 503 }), request(5)]
  expect(unexplainedRepeats('erp', ledgers({ erp }), [])).toEqual([])
})

test('what is done twice at a target that honours keys is not hidden, a copy of a mail is', () => {
  const twice = [request(1), request(5)]
  expect(effective(ledgers({ erp: twice })).erp).toEqual(twice)
  expect(effective(ledgers({ mail: twice })).mail).toEqual(twice.slice(0, 1))
  expect(effective(ledgers({ wms: [request(1), request(5, again)] })).wms).toHaveLength(1)
})

test('a mail that comes again under another Message-ID is told', () => {
  expect(mailsWithSeveralIds(ledgers({ mail: [request(1), request(5)] }))).toEqual([])
  expect(mailsWithSeveralIds(ledgers({ mail: [request(1), request(5, { key: 'key-2' })] }))).toEqual([
    'order-1 order v1',
  ])
})
