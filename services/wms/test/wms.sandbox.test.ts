import { Unknown } from '@hookline/consumer'
import { type LedgerEntry, type Sandbox, startSandbox } from '@hookline/sandbox'
import { type HttpTarget, httpTarget } from '@hookline/service'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { wms } from '../src/wms.ts'
import { deliver, hc, points } from '@hookline/testkit'

let sandbox: Sandbox
let warehouse: HttpTarget

beforeAll(async () => {
  sandbox = await startSandbox()
  warehouse = httpTarget({ name: 'wms', baseUrl: sandbox.wms, requestTimeoutMs: 10_000, connections: 4 })
})

afterAll(async () => {
  await warehouse.close()
  await sandbox.close()
})

async function get<T>(path: string): Promise<T> {
  const answer = await fetch(`${sandbox.wms}${path}`)
  return (await answer.json()) as T
}

test('the warehouse holds what was cancelled, and knows its shipment', async () => {
  const consumer = wms.with({ wms: warehouse })
  await deliver(consumer, points('approved', { order_status: 'approved' }))
  expect(await get('/orders/p-1')).toMatchObject({ fulfilment: 'release', status: 'approved' })

  await deliver(consumer, points('cancelled', { order_status: 'cancelled' }))
  await deliver(consumer, points('shipping_status_updated', { order_status: 'cancelled', status: 'delivered' }))
  expect(await get('/orders/p-1')).toMatchObject({
    fulfilment: 'hold',
    shipments: { default: { status: 'delivered', order_status: 'cancelled' } },
  })
})

test('every fulfilment and every return of an order has its own state', async () => {
  const consumer = wms.with({ wms: warehouse })
  const part = (event: string, id: string, status: string) => hc(event, { id, order_id: 'o-1', status })
  await deliver(consumer, part('fulfillment.shipped', 'ful_1', 'shipped'))
  await deliver(consumer, part('fulfillment.created', 'ful/2', 'pending'))
  await deliver(consumer, part('fulfillment.delivered', 'ful_1', 'delivered'))
  await deliver(consumer, part('return.requested', 'ret_1', 'requested'))
  expect(await get('/orders/o-1')).toMatchObject({
    fulfilment: null,
    shipments: { ful_1: { status: 'delivered', updates: 2 }, 'ful/2': { status: 'pending', updates: 1 } },
    returns: { ret_1: { status: 'requested', updates: 1 } },
  })
})

test('a request whose answer was lost is repeated byte for byte under its key, and executed once', async () => {
  const consumer = wms.with({ wms: warehouse })
  const event = hc('order.paid', { id: 'o-2', status: 'paid' })
  await fetch(`${sandbox.wms}/faults`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ mode: 'drop-answer', order_id: 'o-2', count: 1 }),
  })
  await expect(deliver(consumer, event, { attempt: 1 })).rejects.toThrow(Unknown)
  await deliver(consumer, event, { attempt: 2 })

  const { entries } = await get<{ entries: LedgerEntry[] }>('/ledger?order_id=o-2')
  const [first, second, ...more] = entries
  expect(more).toEqual([])
  expect(first).toMatchObject({ effect: 'fulfilment', event: 'order.paid', version: event.version, executed: true })
  expect(second).toMatchObject({ key: first?.key, body_digest: first?.body_digest, executed: false, status: 200 })
})
