import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startSandbox } from '../src/index.ts'
import type { Sandbox } from '../src/index.ts'
import { ledgerOf, send, stateOf } from './client.ts'

let sandbox: Sandbox

beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.close())

describe('the ERP', () => {
  test('the order is as the last executed request said, whatever its version', async () => {
    const url = `${sandbox.erp}/orders/erp-1`
    const newer = { status: 'approved', last_webhook_at: '2026-01-01T10:00:05.000Z', version: '2' }
    const older = { status: 'captured', last_webhook_at: '2026-01-01T10:00:01.000Z', version: '1' }
    await send('PUT', url, { key: 'erp-1-b', body: newer })
    await send('PUT', url, { key: 'erp-1-a', body: older })
    expect(await stateOf(sandbox.erp, 'erp-1')).toEqual({
      order_id: 'erp-1',
      ...older,
      updates: 2,
      entries: { settled: 0, captured: 0, paid: 0, refunded: 0, returned: 0 },
    })
  })

  test('entries are counted by kind and leave the order as it is', async () => {
    const url = `${sandbox.erp}/orders/erp-2`
    await send('PUT', url, { key: 'erp-2-o', body: { status: 'approved', version: '9' } })
    const kinds = ['settlement', 'captured', 'paid', 'refunded', 'auto_refunded', 'returned', 'adjusted']
    for (const kind of kinds) {
      const answer = await send('POST', `${url}/entries`, { key: `erp-2-${kind}`, body: { kind, status: 'late' } })
      expect(answer.status).toBe(200)
    }
    expect(await stateOf(sandbox.erp, 'erp-2')).toMatchObject({
      status: 'approved',
      version: '9',
      updates: 1,
      entries: { settled: 1, captured: 1, paid: 1, refunded: 2, returned: 1, adjusted: 1 },
    })
  })

  test('an order that no effect touched is 404', async () => {
    expect((await fetch(`${sandbox.erp}/orders/nobody`)).status).toBe(404)
  })
})

describe('the warehouse', () => {
  test('goods are as the last executed release or hold said', async () => {
    const url = `${sandbox.wms}/orders/wms-1/fulfilment`
    await send('PUT', url, { key: 'wms-1-a', body: { action: 'release', status: 'approved', version: '1' } })
    expect(await stateOf(sandbox.wms, 'wms-1')).toMatchObject({ fulfilment: 'release', status: 'approved' })
    const body = { action: 'hold', status: 'cancelled', version: '2', last_webhook_at: '2026-01-01T10:00:00.000Z' }
    await send('PUT', url, { key: 'wms-1-b', body })
    expect(await stateOf(sandbox.wms, 'wms-1')).toEqual({
      order_id: 'wms-1',
      status: 'cancelled',
      version: '2',
      last_webhook_at: '2026-01-01T10:00:00.000Z',
      updates: 2,
      fulfilment: 'hold',
      shipments: {},
      returns: {},
    })
  })

  test('shipments and returns are kept by part and do not release or hold', async () => {
    const url = `${sandbox.wms}/orders/wms-2`
    await send('PUT', `${url}/shipments/f-1`, { key: 'wms-2-a', body: { status: 'shipped', version: '1' } })
    await send('PUT', `${url}/shipments/f-2`, { key: 'wms-2-b', body: { status: 'shipped', version: '2' } })
    await send('PUT', `${url}/shipments/f-1`, { key: 'wms-2-c', body: { status: 'delivered', version: '3' } })
    await send('PUT', `${url}/returns/__proto__`, { key: 'wms-2-d', body: { status: 'requested', version: '4' } })
    const state = await stateOf<{ shipments: object; returns: object; fulfilment: unknown; version: string }>(
      sandbox.wms,
      'wms-2',
    )
    expect(state.shipments).toEqual({
      'f-1': { status: 'delivered', version: '3', updates: 2 },
      'f-2': { status: 'shipped', version: '2', updates: 1 },
    })
    expect(Object.entries(state.returns)).toEqual([['__proto__', { status: 'requested', version: '4', updates: 1 }]])
    expect(state).toMatchObject({ fulfilment: null, version: '4' })
  })

  test("the order's status is the order's, where a shipment has one of its own", async () => {
    const body = { status: 'out_for_delivery', order_status: 'approved', version: '1' }
    await send('PUT', `${sandbox.wms}/orders/wms-4/shipments/default`, { key: 'wms-4', body })
    expect(await stateOf(sandbox.wms, 'wms-4')).toMatchObject({
      status: 'approved',
      shipments: { default: { status: 'out_for_delivery' } },
    })
  })

  test('anything but release and hold is refused and changes nothing', async () => {
    const answer = await send('PUT', `${sandbox.wms}/orders/wms-3/fulfilment`, {
      key: 'wms-3',
      body: { action: 'burn' },
    })
    expect(answer.status).toBe(422)
    expect((await fetch(`${sandbox.wms}/orders/wms-3`)).status).toBe(404)
  })
})

describe('the ledger over HTTP', () => {
  const event = { source: 'points', order: 'l-1', event: 'approved', effect: 'entry', version: '17.0.30.ab' }

  test('a row has every field of the contract', async () => {
    const body = { kind: 'settlement' }
    await send('POST', `${sandbox.erp}/orders/l-1/entries`, { key: 'l-1', event, body })
    const [row, ...more] = await ledgerOf(sandbox.erp, 'l-1')
    expect(more).toEqual([])
    const { n, at, arrived_at: arrivedAt, body_digest: digest, ...rest } = row!
    expect(rest).toEqual({
      order_id: 'l-1',
      source: 'points',
      event: 'approved',
      effect: 'entry',
      key: 'l-1',
      version: '17.0.30.ab',
      executed: true,
      status: 200,
    })
    expect(n).toBeGreaterThan(0)
    expect(Date.parse(at)).toBeGreaterThanOrEqual(Date.parse(arrivedAt))
    expect(digest).toMatch(/^[0-9a-f]{16}$/)
  })

  test('the effect is what the path does, not what the header says', async () => {
    await send('PUT', `${sandbox.erp}/orders/l-2`, { key: 'l-2', event: { ...event, effect: 'entry', order: 'x' } })
    expect(await ledgerOf(sandbox.erp, 'l-2')).toMatchObject([{ effect: 'order', order_id: 'l-2' }])
  })

  test.each([
    ['not JSON', '{"status":', 400],
    ['not an object', '[1]', 400],
    ['nothing', '', 400],
    ['an entry without a kind', '{}', 422],
    ['an entry of kind __proto__', '{"kind":"__proto__"}', 422],
    ['more than 4 MiB', `{"kind":"${'x'.repeat(4 * 1024 * 1024)}"}`, 413],
  ])('a refused body (%s) is in the ledger and uses up no key', async (name, body, status) => {
    const order = `l-3 ${name}`
    const url = `${sandbox.erp}/orders/${encodeURIComponent(order)}/entries`
    expect((await send('POST', url, { key: order, body })).status).toBe(status)
    expect((await send('POST', url, { key: order, body: { kind: 'paid' } })).status).toBe(200)
    expect(await ledgerOf(sandbox.erp, order)).toMatchObject([
      { key: order, executed: false, status },
      { key: order, executed: true, status: 200 },
    ])
  })

  test('DELETE empties it and leaves the orders and the keys', async () => {
    await send('PUT', `${sandbox.wms}/orders/l-4/fulfilment`, { key: 'l-4', body: { action: 'release' } })
    expect((await fetch(`${sandbox.wms}/ledger`, { method: 'DELETE' })).status).toBe(204)
    expect(await ledgerOf(sandbox.wms)).toEqual([])
    await send('PUT', `${sandbox.wms}/orders/l-4/fulfilment`, { key: 'l-4', body: { action: 'release' } })
    expect(await ledgerOf(sandbox.wms)).toMatchObject([{ order_id: 'l-4', executed: false }])
    expect(await stateOf(sandbox.wms, 'l-4')).toMatchObject({ updates: 1 })
  })

  test('the longest order id and one with odd characters are their own orders', async () => {
    for (const order of ['x'.repeat(128), 'a/b?c=d%', 'A.b:c-d_e']) {
      await send('PUT', `${sandbox.erp}/orders/${encodeURIComponent(order)}`, { key: order, body: { status: 'new' } })
      expect(await stateOf(sandbox.erp, order)).toMatchObject({ order_id: order, status: 'new' })
      expect(await ledgerOf(sandbox.erp, order)).toHaveLength(1)
    }
  })
})
