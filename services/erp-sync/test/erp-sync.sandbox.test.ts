import { Unknown } from '@hookline/consumer'
import { type LedgerEntry, type Sandbox, startSandbox } from '@hookline/sandbox'
import { type HttpTarget, httpTarget } from '@hookline/service'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { erpSync } from '../src/erp-sync.ts'
import { deliver, hc, points } from '@hookline/testkit'

let sandbox: Sandbox
let erp: HttpTarget

beforeAll(async () => {
  sandbox = await startSandbox()
  erp = httpTarget({ name: 'erp', baseUrl: sandbox.erp, requestTimeoutMs: 10_000, connections: 4 })
})

afterAll(async () => {
  await erp.close()
  await sandbox.close()
})

async function get<T>(path: string): Promise<T> {
  const answer = await fetch(`${sandbox.erp}${path}`)
  return (await answer.json()) as T
}

async function ledgerOf(orderId: string): Promise<readonly LedgerEntry[]> {
  const { entries } = await get<{ entries: LedgerEntry[] }>(`/ledger?order_id=${orderId}`)
  return entries
}

test('the ERP has the newest state of an order, and every movement of money', async () => {
  const consumer = erpSync.with({ erp })
  const at = (second: number) => `2026-03-01T10:00:0${second}Z`
  const last = points('refunded', { order_status: 'fully_refunded' }, at(3))
  await deliver(consumer, points('captured', { order_status: 'captured' }, at(0)))
  await deliver(consumer, points('approved', { order_status: 'approved' }, at(1)))
  await deliver(consumer, points('refunded', { order_status: 'partially_refunded' }, at(2)))
  await deliver(consumer, last)
  expect(await get('/orders/p-1')).toMatchObject({
    status: 'fully_refunded',
    version: last.version,
    last_webhook_at: last.last_webhook_at,
    updates: 4,
    entries: { settled: 1, captured: 1, refunded: 2, paid: 0, returned: 0 },
  })
})

test('payment.completed and order.paid of one order are booked once', async () => {
  const consumer = erpSync.with({ erp })
  await deliver(consumer, hc('payment.completed', { id: 'o-1' }))
  await deliver(consumer, hc('order.paid', { id: 'o-1' }))
  expect(await get('/orders/o-1')).toMatchObject({ updates: 2, entries: { paid: 1 } })
})

test('a request whose answer was lost is repeated byte for byte under its key, and executed once', async () => {
  const consumer = erpSync.with({ erp })
  const event = hc('payment.refunded', { id: 'rf_1', order_id: 'o-2', amount: { amount: 300, currency: 'SAR' } })
  const fault = { mode: 'drop-answer', order_id: 'o-2', count: 1 }
  await fetch(`${sandbox.erp}/faults`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(fault),
  })
  await expect(deliver(consumer, event, { attempt: 1 })).rejects.toThrow(Unknown)
  await deliver(consumer, event, { attempt: 2 })

  const [first, second, ...more] = await ledgerOf('o-2')
  expect(more).toEqual([])
  expect(first).toMatchObject({ effect: 'entry', event: 'payment.refunded', version: event.version, executed: true })
  expect(second).toMatchObject({ key: first?.key, body_digest: first?.body_digest, executed: false, status: 200 })
})
