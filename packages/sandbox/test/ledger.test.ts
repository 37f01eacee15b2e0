import { describe, expect, test } from 'vitest'
import { createLedger } from '../src/ledger.ts'
import type { Ledger, LedgerEntry } from '../src/ledger.ts'

function add(ledger: Ledger, orderId: string): LedgerEntry {
  return ledger.add({
    arrived_at: '2026-01-01T00:00:00.000Z',
    order_id: orderId,
    source: 'points',
    event: 'approved',
    effect: 'order',
    key: 'k',
    version: 'v',
    executed: true,
    status: 200,
  })
}

function read(ledger: Ledger, only: Parameters<Ledger['read']>[0] = {}): LedgerEntry[] {
  const { entries }: { entries: LedgerEntry[] } = JSON.parse([...ledger.read(only)].join(''))
  return entries
}

describe('the ledger', () => {
  test('keeps 200,000 rows and hands all of them out, in order', () => {
    const ledger = createLedger()
    for (let n = 0; n < 200_000; n += 1) add(ledger, `order-${n % 50_000}`)
    const entries = read(ledger)
    expect(entries.length).toBe(200_000)
    expect(entries.every((entry, index) => entry.n === index + 1)).toBe(true)
    expect(read(ledger, { orderId: 'order-7' }).map(entry => entry.n)).toEqual([8, 50_008, 100_008, 150_008])
  })

  test('shows only what came after a number that was seen', () => {
    const ledger = createLedger()
    for (const order of ['a', 'b', 'a']) add(ledger, order)
    expect(read(ledger, { after: 1 }).map(entry => entry.n)).toEqual([2, 3])
    expect(read(ledger, { after: 1, orderId: 'a' }).map(entry => entry.n)).toEqual([3])
    expect(read(ledger, { after: 3 })).toEqual([])
  })

  test('numbers go on rising after it was deleted', () => {
    const ledger = createLedger()
    add(ledger, 'a')
    ledger.clear()
    expect(read(ledger)).toEqual([])
    expect(add(ledger, 'b').n).toBe(2)
    expect(read(ledger, { after: 1 }).map(entry => entry.order_id)).toEqual(['b'])
    expect(read(ledger, { orderId: 'a' })).toEqual([])
  })

  test('what is read is one moment: neither a new row nor a deletion changes it half-way', () => {
    const ledger = createLedger()
    for (let n = 0; n < 2_500; n += 1) add(ledger, 'a')
    const pieces = ledger.read({})[Symbol.iterator]()
    let text = pieces.next().value ?? ''
    add(ledger, 'late')
    ledger.clear()
    for (let piece = pieces.next(); !piece.done; piece = pieces.next()) text += piece.value
    const { entries }: { entries: LedgerEntry[] } = JSON.parse(text)
    expect(entries.length).toBe(2_500)
    expect(entries.some(entry => entry.order_id === 'late')).toBe(false)
  })
})
