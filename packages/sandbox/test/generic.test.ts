import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startSandbox } from '../src/index.ts'
import type { Sandbox } from '../src/index.ts'
import { ledgerOf, send, setFault, stateOf } from './client.ts'

let sandbox: Sandbox
let loyalty: string
let crm: string

beforeAll(async () => {
  sandbox = await startSandbox({ targets: { loyalty: 0, crm: 0 } })
  loyalty = sandbox.targets['loyalty']!
  crm = sandbox.targets['crm']!
})
afterAll(() => sandbox.close())
beforeEach(() => setFault(loyalty, { mode: 'ok' }))

const event = { source: 'points', order: 'g-1', event: 'approved', effect: 'award', version: '17.0.30.ab' }

test('it takes any path, and the header says which order and effect a request is for', async () => {
  await send('PUT', `${loyalty}/members/7/award?x=1`, { key: 'g-1-a', event, body: { points: 5 } })
  await send('POST', loyalty, { key: 'g-1-b', event: { ...event, effect: 'note' }, body: { text: 'hello' } })
  expect(await ledgerOf(loyalty, 'g-1')).toMatchObject([
    { source: 'points', event: 'approved', effect: 'award', key: 'g-1-a', version: '17.0.30.ab', executed: true },
    { effect: 'note', key: 'g-1-b', status: 200 },
  ])
})

test('it takes any method that changes something, and a DELETE without a body', async () => {
  const of = { ...event, order: 'g-6' }
  const answers = [
    await send('PATCH', `${loyalty}/a`, { key: 'g-6-a', event: of, body: { points: 5 } }),
    await send('DELETE', `${loyalty}/a`, { key: 'g-6-b', event: of }),
  ]
  expect(answers.map(({ status }) => status)).toEqual([200, 200])
  expect((await ledgerOf(loyalty, 'g-6')).map(row => row.executed)).toEqual([true, true])
})

test('the order is the last executed body of each effect', async () => {
  const of = (effect: string) => ({ ...event, order: 'g-2', effect })
  await send('PUT', `${loyalty}/a`, { key: 'g-2-a', event: of('award'), body: { points: 5 } })
  await send('PUT', `${loyalty}/a`, { key: 'g-2-b', event: of('award'), body: { points: 6 } })
  await send('PUT', `${loyalty}/a`, { key: 'g-2-a', event: of('award'), body: { points: 5 } })
  await send('PUT', `${loyalty}/b`, { key: 'g-2-c', event: of('__proto__'), body: { odd: true } })
  const { order_id, effects } = await stateOf<{ order_id: string; effects: object }>(loyalty, 'g-2')
  expect(order_id).toBe('g-2')
  expect(Object.entries(effects)).toEqual([
    ['award', { points: 6 }],
    ['__proto__', { odd: true }],
  ])
  expect((await ledgerOf(loyalty, 'g-2')).map(row => row.executed)).toEqual([true, true, false, true])
})

test.each([
  ['without the header', undefined],
  ['without the order', { effect: 'award' }],
  ['without the effect', { order: 'g-3' }],
])('a request %s is refused, is in the ledger and uses up no key', async (name, fields) => {
  const answer = await send('PUT', `${loyalty}/a`, { key: name, ...(fields && { event: fields }) })
  expect([answer.status, await answer.json()]).toMatchObject([400, { code: 'no_event' }])
  expect((await send('PUT', `${loyalty}/a`, { key: name, event: { ...event, order: name } })).status).toBe(200)
  const rows = (await ledgerOf(loyalty)).filter(row => row.key === name)
  expect(rows).toMatchObject([
    { executed: false, status: 400 },
    { executed: true, status: 200 },
  ])
})

test('a fault for one order bites by the order of the header', async () => {
  await setFault(loyalty, { mode: 'status', status: 503, order_id: 'g-4' })
  expect((await send('PUT', `${loyalty}/a`, { key: 'g-4', event: { ...event, order: 'g-4' } })).status).toBe(503)
  expect((await send('PUT', `${loyalty}/a`, { key: 'g-5', event: { ...event, order: 'g-5' } })).status).toBe(200)
})

test('each has a ledger and keys of its own', async () => {
  await send('PUT', `${loyalty}/a`, { key: 'g-6', event: { ...event, order: 'g-6' } })
  await send('PUT', `${crm}/a`, { key: 'g-6', event: { ...event, order: 'g-6' } })
  expect(await ledgerOf(crm)).toMatchObject([{ order_id: 'g-6', executed: true }])
})
