import type { Consumer, HandledEvent } from '@hookline/consumer'
import { effectKey, route } from '@hookline/consumer/loop'
import { describe, expect, test } from 'vitest'
import { erpSync } from '../src/erp-sync.ts'
import { deliver, hc, points, type RecordedRequest, recordingTarget } from '@hookline/testkit'

/** The service, with a target that only records. */
function recording(): { consumer: Consumer; requests: readonly RecordedRequest[] } {
  const erp = recordingTarget('erp')
  return { consumer: erpSync.with({ erp }), requests: erp.requests }
}

async function bodyOf(event: HandledEvent, effect: 'order' | 'entry'): Promise<Record<string, unknown>> {
  const { consumer, requests } = recording()
  await deliver(consumer, event)
  const sent = requests.find(request => request.effect === effect)
  return JSON.parse(sent?.body ?? '{}')
}

describe('which effects an event has', () => {
  const order = { name: 'order', floor: 'order' }
  const entry = { name: 'entry' }

  test.each([
    ['authorized', [order]],
    ['captured', [order, entry]],
    ['approved', [order, entry]],
    ['cancelled', [order]],
    ['completed', [order]],
    ['refunded', [order, entry]],
    ['auto_refunded', [order, entry]],
    ['shipping_status_updated', [order]],
    ['some_new_event', [order]],
  ])('points %s', (event, effects) => {
    expect(route(recording().consumer, points(event)).effects).toEqual(effects)
  })

  test.each([
    ['order.created', [order]],
    ['order.confirmed', [order]],
    ['order.completed', [order]],
    ['order.cancelled', [order]],
    ['order.paid', [order, entry]],
    ['order.some_new_event', [order]],
    ['payment.completed', [order, entry]],
    ['payment.failed', [order]],
    ['payment.refunded', [entry]],
    ['return.completed', [entry]],
    ['return.requested', []],
    ['fulfillment.created', []],
    ['fulfillment.shipped', []],
    ['fulfillment.delivered', []],
    ['product.updated', []],
    ['customer.created', []],
  ])('hc %s', (event, effects) => {
    expect(route(recording().consumer, hc(event, { id: 'o-1', order_id: 'o-1' })).effects).toEqual(effects)
  })

  test('nothing of the ERP is terminal: it is told everything', () => {
    const { consumer } = recording()
    const [order] = route(consumer, points('cancelled')).effects
    expect(order?.terminal).toBeUndefined()
  })
})

describe('order', () => {
  test('carries what Points said of the order, as it was sent', async () => {
    const sent = {
      reference_number: 'REF-1',
      type: 'replacing',
      total_price: 150.75,
      total_points: 500,
      payment_status: 'fully_paid',
      order_status: 'approved',
      metadata: { channel: 'web', nested: [1, { a: null }] },
    }
    const event = points('approved', sent)
    expect(await bodyOf(event, 'order')).toEqual({
      source: 'points',
      order_id: 'p-1',
      event: 'approved',
      status: 'approved',
      type: 'replacing',
      order_number: 'N-1',
      reference_number: 'REF-1',
      payment_status: 'fully_paid',
      totals: { total_price: 150.75 },
      points: 500,
      metadata: { channel: 'web', nested: [1, { a: null }] },
      last_webhook_at: '2026-03-01T10:00:00.000Z',
      version: event.version,
    })
  })

  test('carries what HC said of the order, as it was sent', async () => {
    const total = { amount: 78_000, currency: 'SAR' }
    const event = hc('order.created', { id: 'o-1', number: 1001, status: 'pending', total, metadata: { a: 1 } })
    expect(await bodyOf(event, 'order')).toEqual({
      source: 'hc',
      order_id: 'o-1',
      event: 'order.created',
      status: 'pending',
      order_number: 1001,
      totals: { total },
      metadata: { a: 1 },
      last_webhook_at: '2026-03-01T10:00:00.000Z',
      version: event.version,
    })
  })

  test('goes to the path of its order', async () => {
    const { consumer, requests } = recording()
    await deliver(consumer, hc('order.created', { id: 'A:1_b.c-2' }))
    expect(requests.map(({ method, path }) => `${method} ${path}`)).toEqual(['PUT /orders/A%3A1_b.c-2'])
  })
})

describe('entry', () => {
  test.each([
    ['approved', 'settlement'],
    ['captured', 'captured'],
    ['refunded', 'refunded'],
    ['auto_refunded', 'auto_refunded'],
  ])('points %s is a %s', async (event, kind) => {
    expect(await bodyOf(points(event), 'entry')).toMatchObject({ kind, occurred_at: '2026-03-01T10:00:00.000Z' })
  })

  test.each([
    ['payment.completed', 'paid'],
    ['order.paid', 'paid'],
    ['payment.refunded', 'refunded'],
    ['return.completed', 'returned'],
  ])('hc %s is a %s', async (event, kind) => {
    expect(await bodyOf(hc(event, { id: 'x-1', order_id: 'x-1' }), 'entry')).toMatchObject({ kind })
  })

  test('of money that came in has the total as its amount', async () => {
    expect(await bodyOf(points('approved', { total_price: 10.5 }), 'entry')).toMatchObject({ amount: 10.5 })
    const total = { amount: 1050, currency: 'SAR' }
    expect(await bodyOf(hc('payment.completed', { id: 'o-1', total }), 'entry')).toMatchObject({ amount: total })
  })

  test("of a Points refund has the order's status and totals after it, and no amount", async () => {
    const event = points('refunded', { order_status: 'partially_refunded', total_price: 80, total_points: 20 })
    const body = await bodyOf(event, 'entry')
    expect(body).toMatchObject({ status: 'partially_refunded', totals: { total_price: 80 }, points: 20 })
    expect(body).not.toHaveProperty('amount')
  })

  test('of a HC refund or return has its amount as it was sent and its id', async () => {
    const amount = { amount: 300, currency: 'SAR' }
    const refund = hc('payment.refunded', { id: 'rf_1', order_id: 'o-1', amount })
    expect(await bodyOf(refund, 'entry')).toMatchObject({ order_id: 'o-1', amount, reference: 'rf_1' })
    const returned = hc('return.completed', { id: 'rt_1', order_id: 'o-1', refund: { id: 'rf_2', amount } })
    expect(await bodyOf(returned, 'entry')).toMatchObject({ order_id: 'o-1', amount, reference: 'rt_1' })
  })

  const keyOf = (event: HandledEvent): string => {
    const { consumer } = recording()
    const entry = consumer.effects.find(({ name }) => name === 'entry')
    if (!entry) throw new Error('no effect `entry`')
    return effectKey(consumer.name, entry, event)
  }

  test('payment.completed and order.paid of one order are one payment', () => {
    expect(keyOf(hc('payment.completed', { id: 'o-1' }))).toBe(keyOf(hc('order.paid', { id: 'o-1' })))
    expect(keyOf(hc('payment.completed', { id: 'o-1' }))).not.toBe(keyOf(hc('payment.completed', { id: 'o-2' })))
  })

  test('a second partial refund is a second entry, though nothing but its time differs', () => {
    const first = points('refunded', { total_price: 80 }, '2026-03-01T10:00:00Z')
    const second = points('refunded', { total_price: 80 }, '2026-03-01T10:00:01Z')
    expect(keyOf(first)).not.toBe(keyOf(second))
  })
})

describe('odd data', () => {
  const odd = [null, 5, true, 'text', [], {}, [[]], { email: 5 }].map(value => ({ value }))

  test.each(odd)('in any field ($value) stops no effect', async ({ value }) => {
    const { consumer, requests } = recording()
    const order = Object.fromEntries(
      ['total_price', 'total_points', 'order_status', 'metadata', 'reference_number'].map(name => [name, value]),
    )
    await deliver(consumer, points('refunded', order))
    const data = { id: 'o-1', total: value, amount: value, status: value, refund: value, metadata: value }
    await deliver(consumer, hc('order.paid', data))
    await deliver(consumer, hc('return.completed', { ...data, order_id: 'o-1' }))
    expect(requests).toHaveLength(5)
  })

  test('a body with nothing but the three certain fields does', async () => {
    const body = await bodyOf(points('approved', { order_number: undefined }), 'order')
    expect(Object.keys(body)).toEqual(['source', 'order_id', 'event', 'totals', 'last_webhook_at', 'version'])
  })
})

test('the bytes of a retry are those of the first request', async () => {
  const { consumer, requests } = recording()
  const event = points('refunded', { metadata: { b: 1, a: 2 }, order_status: 'fully_refunded' })
  await deliver(consumer, event, { attempt: 1 })
  await deliver(consumer, event, {
    attempt: 7,
    order: { last_webhook_at: '2030-01-01T00:00:00.000Z', known: false, prerequisite_never_arrived: false },
  })
  expect(requests.slice(2)).toEqual(requests.slice(0, 2).map(first => ({ ...first, attempt: 7 })))
})
