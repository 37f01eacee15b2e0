import type { EffectState, HandledEvent } from '@hookline/consumer'
import { deliver, hc, points } from '@hookline/testkit'
import { expect, test } from 'vitest'
import { recording } from './recording.ts'

const order = { id: 'o-1', customer: { email: 'c@shop.example', language: 'ar' } }

/** What the effect keeps after these events, the oldest first. */
async function kept(effect: string, ...events: readonly HandledEvent[]): Promise<EffectState | undefined> {
  const { consumer } = recording()
  let state: EffectState | undefined
  for (const event of events) state = (await deliver(consumer, event, state && { state }))[effect]?.state ?? state
  return state
}

test.each([['order.created'], ['order.confirmed'], ['order.paid'], ['payment.completed'], ['payment.failed']])(
  'the customer is remembered from %s',
  async event => {
    expect(await kept('address', hc(event, order))).toEqual({ email: 'c@shop.example', language: 'ar' })
  },
)

test.each([
  [{ id: 'o-1' }, undefined],
  [{ id: 'o-1', customer: { email: 7 } }, undefined],
  [{ id: 'o-1', email: 'nobody' }, undefined],
  [{ id: 'o-1', email: `${'a'.repeat(250)}@shop.example` }, undefined],
  [{ id: 'o-1', customer: { email: '' }, email: 'd@shop.example' }, { email: 'd@shop.example' }],
])('what is no address is not remembered, and fails nothing (%#)', async (data, state) => {
  expect(await kept('address', hc('order.created', data))).toEqual(state)
})

test('what a newer event does not say is kept', async () => {
  const newer = hc('order.paid', { id: 'o-1', email: 'd@shop.example' })
  expect(await kept('address', hc('order.created', order), newer)).toEqual({ email: 'd@shop.example', language: 'ar' })
})

test.each([
  ['payment.refunded', { id: 're_1', order_id: 'o-1' }],
  ['fulfillment.shipped', { id: 'ful_1', order_id: 'o-1' }],
])('%s names nobody, and goes to the customer of its order, in their language', async (event, data) => {
  const { consumer, mails } = recording()
  const stateOf = (effect: string) => (effect === 'address' ? { email: 'c@shop.example', language: 'ar' } : undefined)
  await deliver(consumer, hc(event, data), { stateOf })
  expect(mails).toMatchObject([{ to: 'c@shop.example', html: expect.stringContaining('lang="ar"') }])
})

test('the address of the very event comes before the remembered one', async () => {
  const { consumer, mails } = recording()
  const confirmed = hc('order.confirmed', { id: 'o-1', email: 'new@shop.example' })
  await deliver(consumer, confirmed, { stateOf: () => ({ email: 'old@shop.example' }) })
  expect(mails.map(({ to }) => to)).toEqual(['new@shop.example'])
})

test('an order is confirmed once, and that is remembered', async () => {
  const metadata = { email: 'a@shop.example' }
  expect(await kept('status', points('captured', { metadata }))).toEqual({ confirmed: true })
  const { consumer, mails } = recording()
  const said = await deliver(consumer, points('approved', { metadata }), { state: { confirmed: true } })
  expect(said).toEqual({ status: { note: 'already_confirmed' } })
  await deliver(consumer, points('cancelled', { metadata }), { state: { confirmed: true } })
  expect(mails.map(({ subject }) => subject)).toEqual(['Your order N-1 was cancelled'])
})

test('an order whose confirmation nobody got is confirmed by a later event', async () => {
  expect(await kept('status', points('captured', {}))).toBeUndefined()
})
