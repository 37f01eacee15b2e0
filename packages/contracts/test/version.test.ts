import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatVersion, timeOfVersion } from '../src/version.ts'
import { eventOf, hcBody, ORDER_ID, pointsBody, read } from './deliveries.ts'

const rankIn = (version: string) => version.split('.')[2]
const pointsRank = (event: string, order_status?: unknown) =>
  rankIn(eventOf(read('points', pointsBody(event, { order_status }))).version)
const hcRank = (type: string) => rankIn(eventOf(read('hc', hcBody(type, { id: 'o', order_id: 'o' }))).version)

describe('version', () => {
  test('golden: time, what is below the millisecond, rank and digest', () => {
    const body = `{"event":"refunded","order":{"id":"${ORDER_ID}","order_number":"SO-77","order_status":"partially_refunded","total_price":1e21,"metadata":{"é":1.50,"a":"ا","€":null,"B":[true,-0.0]}},"timestamp":"2026-03-01T09:15:07+03:00"}`
    expect(eventOf(read('points', body)).version).toBe('1772345707000.0000000000.50.68d0c21f65b78bba')
    const hc = hcBody('payment.completed', { id: 'o' }, { created_at: '2026-03-01T06:15:07.250125Z' })
    expect(eventOf(read('hc', hc)).version).toBe('1772345707250.1250000000.20.167de337e7a63337')
  })

  test('its text order is the order of time, then below the millisecond, then rank, then digest', () => {
    const parts = fc.record({
      ms: fc.oneof(fc.integer({ min: 946_684_800_000, max: 9_999_999_999_999 }), fc.constantFrom(1e12 - 1, 1e12)),
      sub: fc.integer({ min: 0, max: 9_999_999_999 }),
      rank: fc.integer({ min: 0, max: 99 }),
      h: fc.integer({ min: 0, max: 3 }),
    })
    const text = (of: { ms: number; sub: number; rank: number; h: number }) =>
      formatVersion(
        { ms: of.ms, sub: String(of.sub).padStart(10, '0') },
        of.rank,
        String(of.h).padStart(64, '0').slice(48),
      )
    const alike = parts.chain(one =>
      fc.tuple(
        fc.constant(one),
        fc.record({ ms: near(one.ms), sub: near(one.sub), rank: near(one.rank), h: near(one.h) }),
      ),
    )
    fc.assert(
      fc.property(alike, ([one, other]) => {
        const wanted = one.ms - other.ms || one.sub - other.sub || one.rank - other.rank || one.h - other.h
        const [a, b] = [text(one), text(other)]
        expect(Math.sign(wanted)).toBe(a < b ? -1 : a > b ? 1 : 0)
      }),
      { numRuns: 1_000 },
    )
  })

  test('it does not depend on how the time was written, on when it came, or on the headers', () => {
    const hc = (created_at: string) =>
      eventOf(read('hc', hcBody('product.updated', { id: 'o' }, { created_at }))).version
    expect(hc('2026-03-01T06:15:07Z').slice(0, 24)).toBe(hc('2026-03-01T09:15:07.000+03:00').slice(0, 24))
    const one = eventOf(read('points', pointsBody('approved')))
    const other = eventOf(read('points', pointsBody('approved'), { headers: { 'user-agent': 'x' } }))
    expect(other.version).toBe(one.version)
  })

  test('its first part is last_webhook_at, and a text that is no version has no time', () => {
    const event = eventOf(read('points', pointsBody('approved')))
    expect(timeOfVersion(event.version)).toBe(Date.parse(event.last_webhook_at))
    for (const text of [
      '',
      '1772345707000',
      `${event.version}0`,
      event.version.toUpperCase().replace(/\.\d\d\./, '.x.'),
    ]) {
      expect(timeOfVersion(text)).toBeUndefined()
    }
  })
})

describe('rank inside one second', () => {
  test.each([
    ['authorized', 'new', '00'],
    ['authorized', 'authorized', '10'],
    ['captured', 'captured', '20'],
    ['approved', 'approved', '30'],
    ['refunded', 'partially_refunded', '50'],
    ['cancelled', 'cancelled', '60'],
    ['refunded', 'fully_refunded', '70'],
    ['shipping_status_updated', 'approved', '35'],
    ['shipping_status_updated', 'fully_refunded', '75'],
    ['completed', 'approved', '36'],
    ['auto_refunded', 'fully_refunded', '77'],
    ['an_unknown_event', 'cancelled', '60'],
  ])("points %s of an order that is %s: the order's status first, then the event", (event, status, rank) => {
    expect(pointsRank(event, status)).toBe(rank)
  })

  test.each([
    ['authorized', '10'],
    ['captured', '20'],
    ['approved', '30'],
    ['completed', '46'],
    ['refunded', '50'],
    ['cancelled', '60'],
    ['auto_refunded', '77'],
    ['shipping_status_updated', '05'],
    ['an_unknown_event', '00'],
  ])('points %s of an order without a usable status: what the event implies', (event, rank) => {
    for (const status of [undefined, null, 5, 'on_hold', 'constructor', '__proto__']) {
      expect(pointsRank(event, status)).toBe(rank)
    }
  })

  test('hc follows the life of an order', () => {
    const ranks = {
      'order.created': '00',
      'order.confirmed': '10',
      'payment.failed': '15',
      'payment.completed': '20',
      'order.paid': '20',
      'fulfillment.created': '30',
      'fulfillment.shipped': '40',
      'fulfillment.delivered': '50',
      'order.completed': '60',
      'return.requested': '65',
      'return.completed': '66',
      'payment.refunded': '70',
      'order.cancelled': '80',
    }
    for (const [type, rank] of Object.entries(ranks)) expect([type, hcRank(type)]).toEqual([type, rank])
  })

  test('an unknown hc event is never older than what makes its order known', () => {
    expect(hcRank('order.archived')).toBe('05')
    expect(hcRank('dispute.opened')).toBe('05')
  })
})

function near(value: number): fc.Arbitrary<number> {
  return fc.constantFrom(value, value, Math.max(0, value - 1))
}
