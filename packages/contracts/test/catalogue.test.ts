import { describe, expect, test } from 'vitest'
import { catalogueOf, catalogues, readEvent, ruleOf, type SourceCatalogue } from '../src/index.ts'
import { eventOf, NOW } from './deliveries.ts'

describe('the catalogues', () => {
  test('only refunds, shipping updates and unknown names of Points may repeat', () => {
    const repeating = Object.entries(catalogues.points.events).filter(([, rule]) => rule.mayRepeat)
    expect(repeating.map(([name]) => name).sort()).toEqual(['refunded', 'shipping_status_updated'])
    expect(ruleOf(catalogues.points, 'anything').mayRepeat).toBe(true)
  })

  test('the facts of Points are the events at which money moved', () => {
    const facts = Object.entries(catalogues.points.events).filter(([, rule]) => rule.carries.includes('fact'))
    expect(facts.map(([name]) => name).sort()).toEqual(['auto_refunded', 'captured', 'refunded'])
  })

  test('of Headless Commerce order.created makes an order known and every other order event waits; Points never waits', () => {
    const { events } = catalogues.hc
    for (const [name, rule] of Object.entries(events)) {
      expect([name, rule.prerequisite]).toEqual([name, name === 'order.created' ? 'creates' : 'requires'])
    }
    expect(ruleOf(catalogues.hc, 'order.archived').prerequisite).toBe('requires')
    expect(ruleOf(catalogues.hc, 'fulfillment.lost').prerequisite).toBe('requires')
    const rules = [...Object.values(catalogues.points.events), catalogues.points.unknown]
    expect(rules.every(rule => rule.prerequisite === 'none')).toBe(true)
  })

  test('products, stock and customers are about no order', () => {
    for (const name of ['product.created', 'inventory.updated', 'customer.deleted']) {
      expect(ruleOf(catalogues.hc, name)).toMatchObject({ resource: 'other', prerequisite: 'none' })
    }
    for (const name of Object.keys(catalogues.hc.events)) expect(ruleOf(catalogues.hc, name).resource).toBe('order')
  })

  test('Points tells of the order with every event, Headless Commerce of what the name says', () => {
    const all = Object.entries(catalogues.points.events).map(([name]) => name)
    for (const name of [...all, 'anything']) expect(ruleOf(catalogues.points, name).subject).toBe('order')
    const subjects = Object.groupBy(Object.keys(catalogues.hc.events), name => ruleOf(catalogues.hc, name).subject)
    expect(subjects).toEqual({
      order: [
        'order.created',
        'order.confirmed',
        'order.paid',
        'order.completed',
        'order.cancelled',
        'payment.failed',
        'payment.completed',
      ],
      refund: ['payment.refunded'],
      fulfillment: ['fulfillment.created', 'fulfillment.shipped', 'fulfillment.delivered'],
      return: ['return.requested', 'return.completed'],
    })
  })

  test.each([
    ['order.archived', 'order'],
    ['fulfillment.lost', 'fulfillment'],
    ['return.rejected', 'return'],
    ['payment.disputed', 'other'],
    ['product.updated', 'other'],
    ['dispute.opened', 'other'],
  ])('an event of Headless Commerce that nobody has described tells of its family: %s of %s', (name, subject) => {
    expect(ruleOf(catalogues.hc, name).subject).toBe(subject)
  })

  test('an undescribed event of a fulfilment or a return is told from others and ordered as any unknown one', () => {
    for (const name of ['fulfillment.lost', 'return.rejected']) {
      expect({ ...ruleOf(catalogues.hc, name), subject: 'other' }).toEqual(catalogues.hc.unknown)
    }
  })

  test('after a cancellation, an automatic or a full refund nothing releases goods by itself', () => {
    const terminal = Object.values(catalogues).flatMap(({ source, events }) =>
      Object.entries(events).flatMap(([name, rule]) =>
        rule.terminal === 'never' ? [] : [`${source} ${name} ${rule.terminal}`],
      ),
    )
    expect(terminal.sort()).toEqual([
      'hc order.cancelled always',
      'points auto_refunded always',
      'points cancelled always',
      'points refunded full_refund',
    ])
  })

  test('names that every object has find no rule and no catalogue of their own', () => {
    for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
      expect(ruleOf(catalogues.points, name)).toBe(catalogues.points.unknown)
      expect(catalogueOf(name)).toBeUndefined()
    }
    expect(catalogueOf('hc')).toBe(catalogues.hc)
  })

  test('every rank has two digits', () => {
    for (const { events, unknown, families, statusRank } of Object.values(catalogues)) {
      const statuses = Object.values(statusRank?.ranks ?? {})
      for (const { rank } of [...Object.values(events), unknown, ...families.map(family => family.rule)]) {
        for (const first of [...statuses, rank.implied]) {
          expect(first + rank.plus).toBeGreaterThanOrEqual(0)
          expect(first + rank.plus).toBeLessThan(100)
        }
      }
    }
  })

  test('a third sender is a catalogue and no code', () => {
    const third: SourceCatalogue = {
      ...catalogues.hc,
      source: 'third-shop',
      eventAt: ['meta', 'name'],
      timeAt: ['meta', 'at'],
      occurrence: { from: 'event_id', at: ['meta', 'id'] },
      stableFields: ['meta'],
      events: { sold: { ...catalogues.hc.unknown, orderIdAt: [['sale', 'number']], rank: { implied: 42, plus: 0 } } },
      families: [],
    }
    const read = (text: string) => readEvent(third, { body: Buffer.from(text), headers: {}, receivedAt: NOW, now: NOW })
    const body = '{"meta":{"name":"sold","at":"2026-03-01T06:15:07Z","id":"e-1"},"sale":{"number":"S-9"}}'
    expect(eventOf(read(body))).toMatchObject({
      source: 'third-shop',
      order_id: 'S-9',
      event: 'sold',
      occurrence: 'e-1',
    })
    expect(eventOf(read(body)).version).toMatch(/^1772345707000\.0000000000\.42\./)
    expect(read(body.replace('"id":"e-1"', '"id":"e-1","id":"e-2"'))).toMatchObject({ code: 'duplicate_key' })
  })
})
