import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startSandbox } from '../src/index.ts'
import type { Sandbox } from '../src/index.ts'
import { eventually, faultsOf, ledgerOf, send, setFault, stateOf } from './client.ts'

let sandbox: Sandbox

beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.close())

describe('Idempotency-Key', () => {
  test('a repeated key gets the first answer again and is not executed', async () => {
    const url = `${sandbox.erp}/orders/k-1`
    const first = await send('PUT', url, { key: 'k-1', body: { status: 'approved', version: '1' } })
    const second = await send('PUT', url, { key: 'k-1', body: { status: 'other', version: '2' } })
    expect(second.status).toBe(first.status)
    expect(await second.text()).toBe(await first.text())
    expect([first.headers.get('idempotent-replayed'), second.headers.get('idempotent-replayed')]).toEqual([
      null,
      'true',
    ])
    expect(await stateOf(sandbox.erp, 'k-1')).toMatchObject({ status: 'approved', updates: 1 })
    expect((await ledgerOf(sandbox.erp, 'k-1')).map(row => row.executed)).toEqual([true, false])
  })

  test('fifty requests at once with one key are executed once', async () => {
    const url = `${sandbox.erp}/orders/k-2/entries`
    const body = { kind: 'captured' }
    const answers = await Promise.all(Array.from({ length: 50 }, () => send('POST', url, { key: 'k-2', body })))
    expect(answers.every(answer => answer.status === 200 || answer.status === 409)).toBe(true)
    const rows = await ledgerOf(sandbox.erp, 'k-2')
    expect(rows).toHaveLength(50)
    expect(rows.filter(row => row.executed)).toHaveLength(1)
    expect(await stateOf(sandbox.erp, 'k-2')).toMatchObject({ entries: { captured: 1 } })
  })

  test('while the first request is in progress the key is 409, afterwards it gets the first answer', async () => {
    const url = `${sandbox.wms}/orders/k-3/fulfilment`
    const body = { action: 'release' }
    await setFault(sandbox.wms, { mode: 'slow', delay_ms: 500, count: 1 })
    const first = send('PUT', url, { key: 'k-3', body })
    await eventually(async () => (await faultsOf(sandbox.wms)).bites).toBe(1)
    expect((await send('PUT', url, { key: 'k-3', body })).status).toBe(409)
    expect((await first).status).toBe(200)
    expect((await send('PUT', url, { key: 'k-3', body })).status).toBe(200)
    const rows = (await ledgerOf(sandbox.wms, 'k-3')).map(row => [row.status, row.executed])
    expect(rows).toEqual([
      [409, false],
      [200, true],
      [200, false],
    ])
  })

  test('a request without a key is executed every time', async () => {
    const url = `${sandbox.erp}/orders/k-4/entries`
    for (let n = 0; n < 2; n += 1) await send('POST', url, { body: { kind: 'refunded' } })
    expect((await ledgerOf(sandbox.erp, 'k-4')).map(row => [row.key, row.executed])).toEqual([
      ['', true],
      ['', true],
    ])
  })

  test('a retry with the same bytes has the same body digest, another body another', async () => {
    const url = `${sandbox.erp}/orders/k-5`
    for (const body of ['{"a":1}', '{"a":1}', '{ "a":1}']) await send('PUT', url, { key: 'k-5', body })
    const digests = (await ledgerOf(sandbox.erp, 'k-5')).map(row => row.body_digest)
    expect(digests[1]).toBe(digests[0])
    expect(digests[2]).not.toBe(digests[0])
  })
})
