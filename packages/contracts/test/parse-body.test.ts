import { describe, expect, test } from 'vitest'
import { parseBody, parseHcBody, parsePointsBody, UnreadableRecord } from '../src/index.ts'
import { hcBody, pointsBody } from './deliveries.ts'

const points = (order: Record<string, unknown>, rest: Record<string, unknown> = {}) =>
  parsePointsBody({ body: JSON.stringify(pointsBody('approved', order, rest)) })
const hc = (data: Record<string, unknown>) => parseHcBody({ body: JSON.stringify(hcBody('order.paid', data)) })

describe('a parsed body', () => {
  test('has every field that was sent, known or not', () => {
    const order = {
      order_number: 'SO-1',
      total_price: 12.5,
      loyalty: { tier: 'gold' },
      metadata: { email: 'a@example.com' },
    }
    const body = points(order, { campaign: 'spring' })
    expect(body.order).toMatchObject(order)
    expect(body.campaign).toBe('spring')
    expect(hc({ id: 'o', total: { amount: 5 }, customer: { email: 'a@example.com' } }).data).toEqual({
      id: 'o',
      total: { amount: 5 },
      customer: { email: 'a@example.com' },
    })
  })

  test('leaves out a documented field that is not of its type, and nothing else', () => {
    const body = points({
      order_number: 5,
      metadata: [],
      status_label: 7,
      order_status: 'on_hold',
      total_price: { sar: 5 },
    })
    expect(body.order).not.toHaveProperty('order_number')
    expect(body.order).not.toHaveProperty('metadata')
    expect(body.order).not.toHaveProperty('status_label')
    expect(body.order.order_status).toBe('on_hold')
    expect(body.order.total_price).toEqual({ sar: 5 })
    // a fulfilment's id may be a number: two of one order must stay two
    expect(hc({ id: 5, customer: 'x', email: 'a@example.com' }).data).toEqual({ id: 5, email: 'a@example.com' })
  })

  test('takes null where a field may be empty', () => {
    expect(points({ metadata: null, reference_number: null }).order).toMatchObject({
      metadata: null,
      reference_number: null,
    })
  })

  test.each(['', '[]', 'null', '{}', '{"event":"approved","timestamp":"x","order":{"id":5}}', '{"id":"e","type":"t"}'])(
    'is refused where it is not what its source sends: %s',
    body => {
      expect(() => parsePointsBody({ body })).toThrow(UnreadableRecord)
      expect(() => parseHcBody({ body })).toThrow(UnreadableRecord)
    },
  )

  test('is parsed by its source, and of an unknown source taken as it is', () => {
    const body = JSON.stringify({
      ...pointsBody('approved', { order_number: 5 }),
      ...hcBody('order.paid', { status: 5 }),
    })
    expect(parseBody({ source: 'points', body })).not.toHaveProperty('order.order_number')
    expect(parseBody({ source: 'hc', body })).not.toHaveProperty('data.status')
    expect(parseBody({ source: 'third-shop', body })).toEqual(JSON.parse(body))
    expect(() => parseBody({ source: 'third-shop', body: '[' })).toThrow(UnreadableRecord)
  })
})
