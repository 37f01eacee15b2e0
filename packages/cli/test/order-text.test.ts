import type { OrderStory } from '@hookline/inbox'
import { sampleDead, sampleEntry, sampleOrder, sampleVersion } from '@hookline/testkit'
import { expect, it } from 'vitest'
import { orderDocument } from '../src/order-document.ts'
import { orderText } from '../src/text/order-text.ts'
import { PLAIN } from './plain-look.ts'

const NOW = Date.parse('2026-01-01T10:01:00.000Z')
const ORDER = '0b5e7a52-4f0e-4a53-9d3c-2f6f3c0f7a11'

type Event = OrderStory['events'][number]

function event(n: number, fields: Partial<Event>): Event {
  const { id, version, last_webhook_at } = sampleEntry({}, n)
  const rest = { source: 'points', event: 'approved', occurrence: '', effects: ['order'], effects_to_do: [], tries: 0 }
  return { ...rest, id, version, last_webhook_at, state: 'done', lost_leases: 0, ...fields }
}

function floor(n: number, fields: { terminal?: true } = {}) {
  return { version: sampleVersion(n), last_webhook_at: `2026-01-01T10:00:0${n}.000Z`, ...fields }
}

const document = (stories: Record<string, readonly OrderStory[]>) =>
  orderDocument(ORDER, { now: NOW, stories: new Map(Object.entries(stories)) })
const textOf = (stories: Record<string, readonly OrderStory[]>) => orderText(document(stories), PLAIN)

const erp: OrderStory = {
  source: 'points',
  order_id: ORDER,
  record: sampleOrder({
    last_webhook_at: '2026-01-01T10:00:04.000Z',
    floors: { order: floor(2) },
    wake_at: NOW + 12_000,
    lane: [sampleEntry({ event: 'refunded', tries: 3, last_error: 'erp answered 503', unsure: true }, 3)],
  }),
  events: [
    event(1, { event: 'approved', state: 'stale' }),
    event(2, { event: 'shipping_status_updated' }),
    event(3, {
      event: 'refunded',
      state: 'retrying',
      effects: ['order', 'entry'],
      effects_to_do: ['entry'],
      reason: 'erp answered 503',
      last_error: 'erp answered 503',
      next_at: '2026-01-01T10:01:12.000Z',
      tries: 3,
    }),
    event(4, { state: 'retrying', reason: 'waits behind refunded', next_at: '2026-01-01T10:01:12.000Z' }),
  ],
}

const email: OrderStory = {
  source: 'points',
  order_id: ORDER,
  record: sampleOrder({
    last_webhook_at: '2026-01-01T10:00:02.000Z',
    floors: { status: floor(1, { terminal: true }) },
  }),
  events: [event(1, { reason: 'no_recipient' })],
}

it('an order is told by service: what happened to each event, why, and what each effect has applied', () => {
  expect(textOf({ 'erp-sync': [erp], email: [email], wms: [] })).toBe(
    `Order 0b5e7a52-4f0e-4a53-9d3c-2f6f3c0f7a11, as of 2026-01-01 10:01:00 UTC

erp-sync (points): 1 done, 1 stale, 2 retrying
  newest event: 2026-01-01 10:00:04 UTC (56 s ago)
  SENT (UTC)           EVENT                    STATE
  2026-01-01 10:00:01  approved                 stale
      newer and applied before it: shipping_status_updated of 2026-01-01
      10:00:02 UTC
  2026-01-01 10:00:02  shipping_status_updated  done
  2026-01-01 10:00:03  refunded                 retrying
      erp answered 503; next attempt 2026-01-01 10:01:12 UTC (in 12 s); still to
      do: entry; 3 tries so far; an attempt may have been executed all the same
  2026-01-01 10:00:04  approved                 retrying
      waits behind refunded; next attempt 2026-01-01 10:01:12 UTC (in 12 s)
  EFFECT  NEWEST APPLIED (UTC)  BY
  order   2026-01-01 10:00:02   shipping_status_updated

email (points): 1 done
  newest event: 2026-01-01 10:00:02 UTC (58 s ago)
  SENT (UTC)           EVENT     STATE
  2026-01-01 10:00:01  approved  done
      no_recipient
  EFFECT  NEWEST APPLIED (UTC)  BY
  status  2026-01-01 10:00:01   approved (terminal)

wms: nothing of this order has come here`,
  )
})

it('what is parked says what it waits for and until when, what is dead why and who must act', () => {
  const dead = sampleDead({ reason: 'used_up', unsure: true, last_error: 'wms answered 500', event: 'order.paid' }, 1)
  const hc: OrderStory = {
    source: 'hc',
    order_id: ORDER,
    record: sampleOrder({ known: false, dead: [dead] }),
    events: [
      event(1, {
        source: 'hc',
        event: 'order.paid',
        state: 'dead',
        reason: 'used_up',
        last_error: 'wms answered 500',
        effects_to_do: ['order'],
        tries: 9,
      }),
      event(2, {
        source: 'hc',
        event: 'fulfillment.shipped',
        state: 'parked',
        reason: 'waits for order.created',
        next_at: '2026-01-02T10:00:03.000Z',
        effects_to_do: ['order'],
      }),
      event(3, { source: 'hc', event: 'order.confirmed', state: 'running', effects_to_do: ['order'] }),
    ],
  }
  expect(textOf({ wms: [hc] })).toBe(
    `Order 0b5e7a52-4f0e-4a53-9d3c-2f6f3c0f7a11, as of 2026-01-01 10:01:00 UTC

wms (hc): 1 running, 1 parked, 1 dead
  newest event: 2026-01-01 10:00:00 UTC (60 s ago)
  the order is not known here yet: what makes it known is not done
  held: nothing of the order passes the dead order.paid until a person decides
  SENT (UTC)           EVENT                STATE
  2026-01-01 10:00:01  order.paid           dead
      used_up, its attempts went on for too long without success (wms answered
      500); an attempt may have been executed all the same; waits for a person
  2026-01-01 10:00:02  fulfillment.shipped  parked
      waits for order.created; at the latest until 2026-01-02 10:00:03 UTC (in
      24 h)
  2026-01-01 10:00:03  order.confirmed      running`,
  )
})

it('an id that two sources have is two sections, and an order whose events expired is still told', () => {
  const text = textOf({
    wms: [
      { ...email, events: [] },
      { source: 'hc', order_id: ORDER, events: [event(1, { source: 'hc' })] },
    ],
  })
  expect(text).toContain('wms (points): its events have expired from the inbox\n')
  expect(text).toContain('status  2026-01-01 10:00:01   an expired event (terminal)\n\nwms (hc): 1 done\n')
})

it('an order that went on without what makes it known says so', () => {
  const record = sampleOrder({ prerequisite_never_arrived: true })
  expect(textOf({ wms: [{ ...email, record }] })).toContain(
    '\n  what makes the order known never came: it went on without\n  (prerequisite_never_arrived)\n',
  )
})

it('no line is wider than the terminal', () => {
  expect(
    textOf({ 'erp-sync': [erp], email: [email] })
      .split('\n')
      .filter(line => line.length > 80),
  ).toEqual([])
})

it('what a sender put into names cannot steer the terminal', () => {
  const text = textOf({
    wms: [{ ...email, events: [event(1, { event: 'a\u001b[31m\r\n\u202eb', reason: '\u0007x' })] }],
  })
  expect(text).toContain('a?[31m???b')
  expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
})

it('as JSON every event has its state, its effects, its reason and its next time, null where none applies', () => {
  const { services, ...rest } = document({ 'erp-sync': [erp], wms: [] })
  expect(rest).toEqual({ order_id: ORDER, now: '2026-01-01T10:01:00.000Z' })
  expect(services['wms']).toEqual({ orders: [], events: [] })
  expect(services['erp-sync']?.orders).toMatchObject([{ source: 'points', known: true, held_by: null }])
  expect(services['erp-sync']?.events[1]).toEqual({
    source: 'points',
    event: 'shipping_status_updated',
    version: sampleVersion(2),
    state: 'done',
    effects: ['order'],
    reason: null,
    next_at: null,
    effects_to_do: [],
    last_webhook_at: '2026-01-01T10:00:02.000Z',
    received_at: null,
    finished_at: null,
    tries: 0,
    lost_leases: 0,
    last_error: null,
    unsure: false,
    redriven: null,
  })
  expect(services['erp-sync']?.events[2]).toMatchObject({
    state: 'retrying',
    unsure: true,
    next_at: expect.any(String),
  })
})

it('what is stale names the newer event only where it is sure that one is meant', () => {
  const shipped = event(1, { effects: ['shipping'], state: 'stale' })
  const reasonOf = (floors: Record<string, ReturnType<typeof floor>>) =>
    document({ wms: [{ ...email, record: sampleOrder({ floors }), events: [shipped] }] }).services['wms']?.events[0]
      ?.reason
  expect(reasonOf({ 'shipping/a': floor(0), 'shipping/b': floor(3), fulfilment: floor(4) })).toBe(
    'newer and applied before it: an event of 2026-01-01 10:00:03 UTC',
  )
  expect(reasonOf({})).toBe('a newer event was applied before it')
})

it('what a person gave back says when, by whom and why', () => {
  const redriven = { redrive: '20260101-100000-1f3a', by: 'ada', why: 'mended', at: '2026-01-01T10:00:30.000Z' }
  const events = [event(1, { reason: 'no_recipient', redriven })]
  expect(textOf({ email: [{ ...email, events }] })).toContain(
    '\n      no_recipient; redriven 2026-01-01 10:00:30 UTC by ada: mended\n',
  )
  expect(document({ email: [{ ...email, events }] }).services['email']?.events[0]?.redriven).toEqual(redriven)
})
