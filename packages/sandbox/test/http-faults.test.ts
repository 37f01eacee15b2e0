import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startSandbox } from '../src/index.ts'
import type { Fault, Sandbox } from '../src/index.ts'
import { eventually, faultsOf, ledgerOf, send, setFault, stateOf } from './client.ts'

let sandbox: Sandbox

beforeEach(async () => {
  sandbox = await startSandbox()
})
afterEach(() => sandbox.close())

function put(order: string): Promise<Response> {
  return send('PUT', `${sandbox.erp}/orders/${order}`, { key: order, body: { status: 'approved' } })
}

async function bitten(rate: number, prefix: string): Promise<number> {
  await setFault(sandbox.erp, { mode: 'status', status: 500, rate })
  const answers = await Promise.all(Array.from({ length: 100 }, (_, n) => put(`${prefix}-${n}`)))
  return answers.filter(answer => answer.status === 500).length
}

describe('faults of the ERP and the warehouse', () => {
  test('down resets requests for work, is in the ledger, and the other paths keep answering', async () => {
    await setFault(sandbox.erp, { mode: 'down' })
    await expect(put('a')).rejects.toThrow('fetch failed')
    expect(await ledgerOf(sandbox.erp)).toMatchObject([{ order_id: 'a', executed: false, status: 0, fault: 'down' }])
    expect((await fetch(`${sandbox.erp}/orders/a`)).status).toBe(404)
    await setFault(sandbox.erp, { mode: 'ok' })
    expect((await put('a')).status).toBe(200)
    expect(await stateOf(sandbox.erp, 'a')).toMatchObject({ updates: 1 })
  })

  test('status answers with it and Retry-After, and uses up no key', async () => {
    await setFault(sandbox.erp, { mode: 'status', status: 503, retry_after_s: 2 })
    const refused = await put('a')
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '2'])
    await setFault(sandbox.erp, { mode: 'ok' })
    expect((await put('a')).status).toBe(200)
    expect(await ledgerOf(sandbox.erp, 'a')).toMatchObject([
      { executed: false, status: 503, fault: 'status' },
      { executed: true, status: 200 },
    ])
  })

  test('slow does the work also for a client that gave up', async () => {
    await setFault(sandbox.erp, { mode: 'slow', delay_ms: 300 })
    const gone = new AbortController()
    const request = fetch(`${sandbox.erp}/orders/a`, { method: 'PUT', body: '{}', signal: gone.signal })
    await eventually(async () => (await faultsOf(sandbox.erp)).bites).toBe(1)
    expect(await ledgerOf(sandbox.erp)).toEqual([])
    gone.abort()
    await expect(request).rejects.toThrow('aborted')
    await eventually(() => ledgerOf(sandbox.erp)).toMatchObject([{ executed: true, fault: 'slow' }])
    const [row] = await ledgerOf(sandbox.erp)
    expect(Date.parse(row!.at) - Date.parse(row!.arrived_at)).toBeGreaterThan(0)
  })

  test('drop-answer does the work, cuts the connection, and the retry gets the first answer', async () => {
    await setFault(sandbox.erp, { mode: 'drop-answer', count: 1 })
    await expect(put('a')).rejects.toThrow('fetch failed')
    expect((await put('a')).status).toBe(200)
    expect(await ledgerOf(sandbox.erp)).toMatchObject([
      { executed: true, status: 200, fault: 'drop-answer' },
      { executed: false, status: 200 },
    ])
    expect(await stateOf(sandbox.erp, 'a')).toMatchObject({ updates: 1 })
  })

  test('order_id: only that order is bitten', async () => {
    await setFault(sandbox.erp, { mode: 'status', status: 500, order_id: 'a' })
    expect((await put('a')).status).toBe(500)
    expect((await put('b')).status).toBe(200)
  })

  test('count: so many requests are bitten, then it is over', async () => {
    await setFault(sandbox.erp, { mode: 'status', status: 500, count: 2, order_id: 'a' })
    await put('b')
    const statuses = []
    for (let n = 0; n < 3; n += 1) statuses.push((await put('a')).status)
    expect(statuses).toEqual([500, 500, 200])
    expect(await faultsOf(sandbox.erp)).toEqual({ fault: { mode: 'ok' }, bites: 2 })
  })

  test('rate: 0 bites nobody, 1 everybody, between them some', async () => {
    expect(await bitten(0, 'none')).toBe(0)
    expect(await bitten(1, 'all')).toBe(100)
    const some = await bitten(0.5, 'some')
    expect(some).toBeGreaterThan(0)
    expect(some).toBeLessThan(100)
  })

  test('for_ms: it ends by itself', async () => {
    await setFault(sandbox.erp, { mode: 'status', status: 500, for_ms: 300 })
    expect((await faultsOf(sandbox.erp)).fault.mode).toBe('status')
    expect((await put('a')).status).toBe(500)
    await eventually(async () => (await put('a')).status).toBe(200)
    expect((await faultsOf(sandbox.erp)).fault).toEqual({ mode: 'ok' })
  })

  test('each target has its own faults', async () => {
    await setFault(sandbox.wms, { mode: 'down' })
    expect((await put('a')).status).toBe(200)
  })

  test.each([
    { mode: 'sideways' },
    { mode: 'status' },
    { mode: 'slow' },
    { mode: 'status', status: '503' },
    { mode: 'down', rate: 2 },
    { mode: 'down', orderId: 'misspelt' },
  ])('a fault that is none is refused: %j', async fault => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    await expect(setFault(sandbox.erp, fault as Fault)).rejects.toThrow('PUT /faults: 400')
    expect((await faultsOf(sandbox.erp)).fault).toEqual({ mode: 'ok' })
  })
})
