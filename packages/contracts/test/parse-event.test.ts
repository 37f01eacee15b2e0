import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  bodySchemas,
  catalogues,
  parseEvent,
  type ParsedEvent,
  ruleOf,
  UnreadableRecord,
  type WebhookEvent,
} from '../src/index.ts'
import { eventOf, hcBody, ORDER_ID, pointsBody, read } from './deliveries.ts'

type Fields = Record<string, unknown>

const whole: WebhookEvent = eventOf(read('points', pointsBody('approved')))
const parsed = (source: string, event: string, body: unknown): ParsedEvent =>
  parseEvent({ ...whole, source, event, body: typeof body === 'string' ? body : JSON.stringify(body) })
const points = (order: Fields, event = 'approved') => parsed('points', event, pointsBody(event, order))
const hc = (event: string, data: Fields) => parsed('hc', event, hcBody(event, data))

describe('a parsed event', () => {
  test('is the event, its body as it was sent, and what the body tells of', () => {
    const body = pointsBody('approved', { order_number: 5 }, { campaign: 'spring' })
    const event = { ...whole, body: JSON.stringify(body) }
    const { data, subject, order, ...rest } = parseEvent(event)
    expect(rest).toEqual(event)
    expect(data).toEqual(body)
    expect(subject).not.toHaveProperty('order_number')
    expect(order).toBe(subject)
  })

  test('has every field that was sent, known or not', () => {
    const order = { order_number: 'SO-1', total_price: 12.5, loyalty: { tier: 'gold' }, metadata: { email: 'a@b.c' } }
    expect(points(order).subject).toMatchObject(order)
    const data = { id: 'o', total: { amount: 5 }, customer: { email: 'a@b.c' }, brand_new: [1] }
    expect(hc('order.paid', data).subject).toEqual(data)
  })

  test('has the order where it tells of the order, and only there', () => {
    expect(points({}, 'a_new_event').order).toMatchObject({ id: ORDER_ID })
    for (const name of ['order.created', 'order.archived', 'payment.failed']) {
      expect(hc(name, { id: 'o' }).order).toEqual({ id: 'o' })
    }
    for (const name of [
      'payment.refunded',
      'fulfillment.shipped',
      'return.lost',
      'product.updated',
      'dispute.opened',
    ]) {
      expect(hc(name, { id: 'r', order_id: 'o' })).toMatchObject({
        order: undefined,
        subject: { id: 'r', order_id: 'o' },
      })
    }
  })

  test('leaves out a documented field that is not of its type, and nothing else', () => {
    const odd = { order_number: 5, metadata: [], status_label: 7, order_status: 'on_hold', total_price: { sar: 5 } }
    const { subject } = points(odd)
    for (const name of ['order_number', 'metadata', 'status_label']) expect(subject).not.toHaveProperty(name)
    expect(subject).toMatchObject({ id: ORDER_ID, order_status: 'on_hold', total_price: { sar: 5 } })
    // a fulfilment's id may be a number: two of one order must stay two
    const fulfillment = hc('fulfillment.shipped', { id: 5, customer: 'x', email: 'a@example.com' })
    expect(fulfillment.subject).toEqual({ id: 5, email: 'a@example.com' })
  })

  test('takes null where a field may be empty', () => {
    const empty = { metadata: null, reference_number: null }
    expect(points(empty).subject).toMatchObject(empty)
  })

  test('of a source in no catalogue tells of the whole body', () => {
    const body = { ...pointsBody('approved', { order_number: 5 }), data: 5 }
    expect(parsed('third-shop', 'sold', body)).toMatchObject({ subject: body, data: body, order: undefined })
    expect(parsed('constructor', 'sold', '{}').subject).toEqual({})
  })

  test.each([
    '',
    '[]',
    'null',
    '{}',
    '{"event":"approved","timestamp":"x","order":{"id":5}}',
    '{"event":"approved","timestamp":"x","order":[]}',
    '{"event":"approved","order":{"id":"o"}}',
    '{"id":"e","type":"t"}',
    '{"id":"e","type":"t","created_at":"x","data":"o"}',
    '{"id":"e","created_at":"x","data":{"id":"o"}}',
  ])('is refused where the body is not what its source sends: %s', body => {
    expect(() => parsed('points', 'approved', body)).toThrow(UnreadableRecord)
    expect(() => parsed('hc', 'order.paid', body)).toThrow(UnreadableRecord)
    expect(() => parsed('hc', 'dispute.opened', body)).toThrow(UnreadableRecord)
  })

  test('is not refused for an odd field beside the subject', () => {
    expect(parsed('hc', 'order.paid', hcBody('order.paid', { id: 'o' }, { store_id: 5 })).order).toEqual({ id: 'o' })
  })
})

// a service that reads one of these must not lose a value by a type that the sender never promised
test('a field of Headless Commerce of which the sender does not tell the type is kept, whatever it is', () => {
  const { other, ...subjects } = bodySchemas.hc.subjects
  const certain = Object.keys(other.properties)
  for (const [kind, { properties }] of Object.entries(subjects)) {
    const event = Object.keys(catalogues.hc.events).find(name => ruleOf(catalogues.hc, name).subject === kind)
    const names = Object.keys(properties).filter(name => !certain.includes(name))
    expect(names.length).toBeGreaterThan(0)
    const data = fc.record(Object.fromEntries(names.map(name => [name, fc.jsonValue()])))
    fc.assert(
      fc.property(data, sent => {
        expect(hc(event ?? '', sent).subject).toEqual(JSON.parse(JSON.stringify(sent)))
      }),
      { numRuns: 20 },
    )
  }
})
