import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { identityOf, orderDigest } from '../src/index.ts'
import { eventOf, hcBody, ORDER_ID, pointsBody, read } from './deliveries.ts'

const later = { timestamp: '2026-03-01T06:15:08Z' }

describe('identity', () => {
  test('golden: the parts joined by a slash, the digest made of the canonical event, order and timestamp', () => {
    const once = eventOf(read('points', pointsBody('approved')))
    expect(identityOf(once)).toBe(`points/${ORDER_ID}/approved`)
    const body =
      '{"timestamp":"2026-03-01T09:15:07+03:00","event":"refunded","order":{"total_price":1e21,' +
      '"metadata":{"é":1.50,"a":"\\u0627","€":null,"B":[true,-0.0]},"order_status":"partially_refunded",' +
      `"order_number":"SO-77","id":"${ORDER_ID}"}}`
    expect(identityOf(eventOf(read('points', body)))).toBe(
      `points/${ORDER_ID}/refunded/68d0c21f65b78bba9eebd59cccbff98c`,
    )
    expect(orderDigest({ source: 'points', body })).toBe('d70c2ddb3b820cc49a0b2b2571d95fbb')
    expect(identityOf(eventOf(read('hc', hcBody('order.paid'))))).toBe(`hc/${ORDER_ID}/order.paid/evt_01`)
  })

  test.each(['refunded', 'shipping_status_updated', 'an_unknown_event'])(
    'a second %s with an equal order and another timestamp is another event; a retry is not',
    event => {
      const first = eventOf(read('points', pointsBody(event)))
      const retry = eventOf(read('points', pointsBody(event), { headers: { 'user-agent': 'another' } }))
      const second = eventOf(read('points', pointsBody(event, {}, later)))
      expect(identityOf(retry)).toBe(identityOf(first))
      expect(identityOf(second)).not.toBe(identityOf(first))
      expect(orderDigest(second)).toBe(orderDigest(first))
    },
  )

  test.each(['approved', 'authorized', 'captured', 'cancelled', 'completed', 'auto_refunded'])(
    '%s happens once for an order: whatever else differs, it is the same event',
    event => {
      const first = eventOf(read('points', pointsBody(event)))
      const second = eventOf(read('points', pointsBody(event, { total_price: 7 }, later)))
      expect(identityOf(second)).toBe(identityOf(first))
    },
  )

  test('a retry that is written differently is the same event: spaces, order of keys, form of numbers, what is not stable', () => {
    const first = `{"event":"refunded","order":{"id":"o","a":1,"b":{"x":"é","y":[1,2]}},"timestamp":"2026-03-01T06:15:07Z"}`
    const again = `{ "attempt": 2, "timestamp":"2026-03-01T06:15:07Z",
      "order": {"b":{"y":[1.0,2e0],"x":"\\u00e9"},"a":1.00,"id":"o"}, "event":"refunded"}`
    const [one, two] = [eventOf(read('points', first)), eventOf(read('points', again))]
    expect(identityOf(two)).toBe(identityOf(one))
    expect(two.version).toBe(one.version)
  })

  test('two refunds that differ in half an emoji only are two', () => {
    const of = (half: string) => eventOf(read('points', pointsBody('refunded', { metadata: { name: half } })))
    expect(identityOf(of('\ud83d'))).toBe(identityOf(of('\ud83d')))
    expect(identityOf(of('\ud83d'))).not.toBe(identityOf(of('\ud83e')))
  })

  test('golden: halves of emoji in names and values, whatever the order of the names', () => {
    const of = (metadata: object) => eventOf(read('points', pointsBody('refunded', { metadata })))
    const one = of({ '\ud83d': [1, null, { b: 'cut \ud83d', a: 'نورة 🌙' }], z: -0, '10': 1e21, '9': '"' })
    const other = of({ '9': '"', '10': 1e21, z: 0, '\ud83d': [1, null, { a: 'نورة 🌙', b: 'cut \ud83d' }] })
    expect(one.occurrence).toBe('cb8af68b41285e83c0fea4651357282a')
    expect(other.occurrence).toBe(one.occurrence)
  })

  test('an event of Headless Commerce is its id, whatever else differs', () => {
    const first = eventOf(read('hc', hcBody('order.paid')))
    const again = eventOf(read('hc', hcBody('order.paid', { id: ORDER_ID, total: 5 })))
    const other = eventOf(read('hc', hcBody('order.paid', { id: ORDER_ID }, { id: 'evt_02' })))
    expect(identityOf(again)).toBe(identityOf(first))
    expect(again.version).toBe(first.version)
    expect(identityOf(other)).not.toBe(identityOf(first))
  })

  test('two events of different parts never have one identity', () => {
    const id = fc.stringMatching(/^[A-Za-z0-9_.:-]{1,6}$/)
    const name = fc.stringMatching(/^[a-z][a-z0-9_.]{0,5}$/)
    const parts = fc.record({ source: name, order_id: id, event: name, occurrence: fc.oneof(fc.constant(''), id) })
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        const same = JSON.stringify(one) === JSON.stringify(other)
        expect(identityOf(one) === identityOf(other)).toBe(same)
      }),
    )
  })
})

describe('the digest of an order', () => {
  test('differs where the order does, and is total', () => {
    const digest = (order: Record<string, unknown>) =>
      orderDigest({ source: 'points', body: JSON.stringify(pointsBody('refunded', order)) })
    expect(digest({ total_price: 1 })).not.toBe(digest({ total_price: 2 }))
    for (const [source, body] of [
      ['points', '{}'],
      ['points', '[]'],
      ['hc', '{"data":null}'],
      ['other', '{"a":1}'],
    ] as const) {
      expect(orderDigest({ source, body })).toMatch(/^[0-9a-f]{32}$/)
    }
  })
})
