import type { HandledEvent } from '@hookline/consumer'
import { route } from '@hookline/consumer/loop'
import { describe, expect, test } from 'vitest'
import { recording, mailOf } from './recording.ts'
import { deliver, hc, points } from '@hookline/testkit'

const effectsOf = (event: HandledEvent) => route(recording().consumer, event).effects

const confirm = { name: 'status', floor: 'status' }
const end = { ...confirm, terminal: true }
const refund = { name: 'refund' }
const remember = { name: 'address', floor: 'address' }

describe('which effects an event has', () => {
  test.each([
    ['authorized', {}, []],
    ['captured', {}, [confirm]],
    ['approved', {}, [confirm]],
    ['completed', {}, []],
    ['cancelled', {}, [end]],
    ['auto_refunded', {}, [end, refund]],
    ['refunded', { order_status: 'fully_refunded' }, [end, refund]],
    ['refunded', { order_status: 'partially_refunded' }, [refund]],
    ['refunded', {}, [refund]],
    ['shipping_status_updated', {}, [{ name: 'shipping', floor: 'shipping/default' }]],
    ['some_new_event', {}, []],
  ])('points %s %o', (event, order, effects) => {
    expect(effectsOf(points(event, order))).toEqual(effects)
  })

  test.each([
    ['order.created', [remember]],
    ['order.confirmed', [remember, confirm]],
    ['order.paid', [remember]],
    ['order.completed', [remember]],
    ['order.cancelled', [remember, end]],
    ['payment.completed', [remember]],
    ['payment.failed', [remember]],
    ['payment.refunded', [refund]],
    ['fulfillment.created', []],
    ['fulfillment.shipped', [{ name: 'shipping', floor: 'shipping/x-1' }]],
    ['fulfillment.delivered', [{ name: 'shipping', floor: 'shipping/x-1' }]],
    ['return.requested', []],
    ['return.completed', []],
    ['customer.created', []],
  ])('hc %s', (event, effects) => {
    expect(effectsOf(hc(event, { id: 'x-1', order_id: 'o-1' }))).toEqual(effects)
  })
})

test.each([
  ['auto_refunded', {}],
  ['refunded', { order_status: 'fully_refunded' }],
])('%s sends a refund notice and nothing as a status', async (event, order) => {
  const { consumer, mails } = recording()
  const said = await deliver(consumer, points(event, { ...order, metadata: { email: 'a@shop.example' } }))
  expect(said).toEqual({ status: { note: 'nothing_to_send' }, refund: undefined })
  expect(mails.map(({ subject }) => subject)).toEqual(['A refund for your order N-1'])
})

test('a shipment that says nothing of itself sends nothing', async () => {
  const { consumer, mails } = recording()
  const said = await deliver(consumer, points('shipping_status_updated', { metadata: { email: 'a@shop.example' } }))
  expect(said).toEqual({ shipping: { note: 'nothing_to_send' } })
  expect(mails).toEqual([])
})

test('without a recipient nothing is sent, and the note says why', async () => {
  const { consumer, mails } = recording()
  expect(await deliver(consumer, points('approved'))).toEqual({ status: { note: 'no_recipient' } })
  const refunded = hc('payment.refunded', { id: 'rf_1', order_id: 'o-1' })
  expect(await deliver(consumer, refunded)).toEqual({ refund: { note: 'no_recipient' } })
  expect(mails).toEqual([])
})

describe('what a Message-ID is made of', () => {
  const approved = points('approved', { metadata: { email: 'a@shop.example' } })

  test('is the same for every attempt, and so is the mail', async () => {
    const { consumer, mails } = recording()
    await deliver(consumer, approved, { attempt: 1 })
    await deliver(consumer, approved, { attempt: 2 })
    expect(mails[1]).toEqual({ ...mails[0], attempt: 2 })
  })

  test('differs between two refunds, and between two mails of one event', async () => {
    const refunded = (at: string) => points('refunded', { metadata: { email: 'a@shop.example' } }, at)
    const first = await mailOf(refunded('2026-03-01T10:00:00Z'))
    const second = await mailOf(refunded('2026-03-01T10:00:01Z'))
    expect(first.key).not.toBe(second.key)
    expect((await mailOf(approved)).key).not.toBe(first.key)
  })
})

test('every note is declared', async () => {
  const { consumer } = recording()
  const said = [
    await deliver(consumer, points('approved')),
    await deliver(consumer, points('auto_refunded')),
    await deliver(consumer, points('shipping_status_updated')),
    await deliver(consumer, points('approved'), { state: { confirmed: true } }),
  ]
  const notes = said.flatMap(effects => Object.values(effects)).flatMap(done => (done ? [done.note] : []))
  expect(consumer.notes).toEqual(expect.arrayContaining(notes))
  expect(new Set(notes).size).toBe(consumer.notes.length)
})
