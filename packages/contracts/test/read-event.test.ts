import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { catalogues, type ReadResult, readEvent } from '../src/index.ts'
import { eventOf, hcBody, NOW, ORDER_ID, outcomeOf, pointsBody, read } from './deliveries.ts'

const UNUSABLE_IDS = [
  'a/b',
  '../',
  '..',
  '.',
  'a b',
  'a\nb',
  ' a',
  '🌙',
  'é',
  'x'.repeat(129),
  'x'.repeat(10_240),
  'a\u0000',
  '$a',
  'toString',
  '__proto__',
  'constructor',
  'hasOwnProperty',
]
const USABLE_IDS = ['7', ORDER_ID, 'A_b.c:d-1', 'x'.repeat(128), 'to-string']

describe('the order id', () => {
  test.each(UNUSABLE_IDS)('%j is refused as not usable', id => {
    expect(outcomeOf(read('points', pointsBody('approved', { id })))).toBe('refused 422 invalid_order_id')
    expect(outcomeOf(read('hc', hcBody('order.paid', { id })))).toBe('refused 422 invalid_order_id')
    expect(outcomeOf(read('hc', hcBody('return.completed', { order_id: id })))).toBe('refused 422 invalid_order_id')
  })

  test.each([undefined, null, 5, 0, true, [], ['a'], {}, ''])('%j is refused as not well formed', id => {
    expect(outcomeOf(read('points', pointsBody('approved', { id })))).toBe('refused 400 invalid_order_id')
    expect(outcomeOf(read('hc', hcBody('order.paid', { id })))).toBe('refused 400 invalid_order_id')
  })

  test.each([undefined, null, 5, 'x', []])('an order that is %j is refused', order => {
    expect(outcomeOf(read('points', pointsBody('approved', {}, { order })))).toBe('refused 400 invalid_order_id')
    expect(outcomeOf(read('hc', hcBody('order.paid', {}, { data: order })))).toBe('refused 400 invalid_order_id')
  })

  test.each(USABLE_IDS)('%s is taken', id => {
    expect(eventOf(read('points', pointsBody('approved', { id }))).order_id).toBe(id)
    expect(eventOf(read('hc', hcBody('order.paid', { id }))).order_id).toBe(id)
  })

  test('a refund, fulfilment or return is of the order it names, and its own id is never taken for one', () => {
    for (const type of [
      'payment.refunded',
      'fulfillment.shipped',
      'return.completed',
      'fulfillment.lost',
      'loyalty.x',
    ]) {
      const at = (data: Record<string, unknown>) => read('hc', hcBody(type, { id: 'own_1', ...data }))
      expect(eventOf(at({ order_id: 'o_1' })).order_id).toBe('o_1')
      expect(eventOf(at({ order: { id: 'o_2' } })).order_id).toBe('o_2')
      expect(eventOf(at({ order_id: 'o_1', order: { id: 'o_2' } })).order_id).toBe('o_1')
      expect(eventOf(at({ order_id: null, order: { id: 'o_2' } })).order_id).toBe('o_2')
      for (const none of [
        {},
        { order_id: null },
        { order: null },
        { order: {} },
        { order: 'o_3' },
        { order: ['o_3'] },
      ]) {
        expect(outcomeOf(at(none))).toBe('quarantine 200 no_order_id')
      }
      expect(outcomeOf(at({ order_id: 5 }))).toBe('refused 400 invalid_order_id')
      expect(outcomeOf(at({ order_id: '' }))).toBe('refused 400 invalid_order_id')
    }
  })

  test('a product, a stock level and a customer are keyed by their own id', () => {
    for (const type of ['product.updated', 'inventory.low', 'customer.created']) {
      expect(eventOf(read('hc', hcBody(type, { id: 'own_1', order_id: 'o_1' }))).order_id).toBe('own_1')
      expect(outcomeOf(read('hc', hcBody(type, {})))).toBe('quarantine 200 no_order_id')
    }
  })
})

describe("the event's name", () => {
  test.each([undefined, null, 5, [], {}, ''])('%j is refused as not well formed', event => {
    expect(outcomeOf(read('points', { ...pointsBody('approved'), event }))).toBe('refused 400 invalid_event')
    expect(outcomeOf(read('hc', { ...hcBody('order.paid'), type: event }))).toBe('refused 400 invalid_event')
  })

  test.each(['hasOwnProperty', 'Approved', 'approved ', ' approved', '1a', '_a', 'a-b', 'a/b', 'é', 'x'.repeat(65)])(
    '%j is refused as not usable',
    event => {
      expect(outcomeOf(read('points', pointsBody(event)))).toBe('refused 422 invalid_event')
      expect(outcomeOf(read('hc', hcBody(event)))).toBe('refused 422 invalid_event')
    },
  )

  test.each(['points_expired', 'constructor', 'x'.repeat(64), 'order.created'])(
    '%s, of a usable shape but unknown, is taken as one that may repeat',
    event => {
      const taken = eventOf(read('points', pointsBody(event)))
      expect(taken.event).toBe(event)
      expect(taken.occurrence).toMatch(/^[0-9a-f]{32}$/)
    },
  )

  test('one that differs from its header is refused; the header may be absent', () => {
    const named = (header: string | string[]) =>
      outcomeOf(read('points', pointsBody('approved'), { headers: { 'x-webhook-event': header } }))
    expect(named('approved')).toBe('event')
    expect(named(['approved'])).toBe('event')
    expect(outcomeOf(read('points', pointsBody('approved')))).toBe('event')
    for (const other of ['cancelled', 'Approved', '', 'approved, approved']) {
      expect(named(other)).toBe('refused 400 event_mismatch')
    }
    expect(named(['approved', 'cancelled'])).toBe('refused 400 event_mismatch')
  })
})

describe('the event id of Headless Commerce', () => {
  test.each([undefined, null, 5, {}, ''])('%j is refused as not well formed', id => {
    expect(outcomeOf(read('hc', { ...hcBody('order.paid'), id }))).toBe('refused 400 invalid_event_id')
  })

  test.each(UNUSABLE_IDS)('%j is refused as not usable', id => {
    expect(outcomeOf(read('hc', { ...hcBody('order.paid'), id }))).toBe('refused 422 invalid_event_id')
  })
})

describe('the store', () => {
  test('where one is configured another is refused', () => {
    expect(outcomeOf(read('hc', hcBody('order.paid'), { storeId: 'store_1' }))).toBe('event')
    for (const store_id of ['store_2', null, undefined, ['store_1']]) {
      const result = read('hc', hcBody('order.paid', { id: 'o' }, { store_id }), { storeId: 'store_1' })
      expect(outcomeOf(result)).toBe('refused 422 store_mismatch')
    }
  })

  test('where none is configured every store is taken', () => {
    expect(outcomeOf(read('hc', hcBody('order.paid', { id: 'o' }, { store_id: 'store_2' })))).toBe('event')
  })
})

describe('what is kept of a request', () => {
  test('no secret, no signature, no cookie and no header that nobody thought of', () => {
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'Points/1.0',
      'x-request-id': 'r-1',
      'x-webhook-event': 'approved',
      'x-webhook-secret': 'shared-secret-value',
      'x-webhook-signature': 'signature-value',
      authorization: 'Bearer token-value',
      cookie: 'session-value',
      'x-forwarded-for': '192.0.2.1',
      'x-new': 'new-value',
    }
    const event = eventOf(read('points', pointsBody('approved'), { headers }))
    expect(event.headers).toEqual({
      'content-type': 'application/json',
      'user-agent': 'Points/1.0',
      'x-request-id': 'r-1',
      'x-webhook-event': 'approved',
    })
  })

  test('a header is cut where it is long', () => {
    const headers = { 'user-agent': 'x'.repeat(20_000), 'x-request-id': ['a', 'b'] }
    expect(eventOf(read('points', pointsBody('approved'), { headers })).headers).toEqual({
      'user-agent': 'x'.repeat(256),
      'x-request-id': 'a, b',
    })
  })

  test('when it was received, by the clock that was passed in', () => {
    expect(eventOf(read('points', pointsBody('approved'))).received_at).toBe(new Date(NOW).toISOString())
  })
})

describe('reading is total', () => {
  const sources = fc.constantFrom(catalogues.points, catalogues.hc)
  const names = fc.oneof(fc.string(), fc.constantFrom('id', 'event', 'type', 'order', 'data', 'order_id', '__proto__'))
  const headers = fc.dictionary(
    fc.oneof(fc.string(), fc.constantFrom('x-webhook-event', 'user-agent', '__proto__')),
    fc.oneof(fc.string({ unit: 'binary' }), fc.array(fc.string()), fc.constant(undefined)),
  )
  const body = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map(bytes => Buffer.from(bytes)),
    fc.json().map(text => Buffer.from(text)),
    fc.string({ unit: 'binary' }).map(text => Buffer.from(text)),
    fc
      .record({
        event: fc.oneof(fc.constantFrom('approved', 'refunded', 'order.created', 'product.x'), fc.jsonValue()),
        type: fc.oneof(fc.constantFrom('order.created', 'return.completed', 'constructor'), fc.jsonValue()),
        id: fc.oneof(fc.constant('evt_1'), fc.jsonValue()),
        order: fc.oneof(fc.dictionary(names, fc.jsonValue()), fc.record({ id: fc.constant('o') })),
        data: fc.oneof(fc.dictionary(names, fc.jsonValue()), fc.record({ id: fc.constant('o') })),
        timestamp: fc.oneof(fc.constant('2026-03-01T06:15:07Z'), fc.jsonValue()),
        created_at: fc.oneof(fc.constant('2026-03-01T06:15:07Z'), fc.jsonValue()),
      })
      .map(value => Buffer.from(JSON.stringify(value))),
  )

  test('no bytes and no headers throw, and what is taken is exactly what was sent', () => {
    const seen = new Set<ReadResult['kind']>()
    fc.assert(
      fc.property(sources, body, headers, (source, bytes, sent) => {
        const result = readEvent(source, { body: bytes, headers: sent, receivedAt: NOW, now: NOW })
        seen.add(result.kind)
        const kept = result.kind === 'event' ? Buffer.from(result.event.body) : bytes
        expect(kept.equals(bytes)).toBe(true)
      }),
      { numRuns: 2_000 },
    )
    expect([...seen].sort()).toEqual(['event', 'quarantine', 'refused'])
  })

  test('no cut and no flipped byte of a good body throws', () => {
    const good = Buffer.from(JSON.stringify(pointsBody('refunded', { metadata: { a: ['ا', 1.5e3, null, '"\\'] } })))
    for (let at = 0; at < good.length; at++) {
      read('points', good.subarray(0, at))
      const flipped = Buffer.from(good)
      flipped[at] = (flipped[at] ?? 0) ^ 0x21
      read('points', flipped)
    }
    expect(outcomeOf(read('points', good))).toBe('event')
  })
})
