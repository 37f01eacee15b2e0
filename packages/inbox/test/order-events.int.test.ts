import { sampleDead, sampleEntry, sampleNewEvent, sampleOrder, sampleVersion } from '@hookline/testkit'
import { beforeEach, expect, it } from 'vitest'
import { deadEvents, orderEvents } from '../src/index.ts'
import { mongoInbox } from '../src/inbox.ts'
import { mongoOrders } from '../src/orders.ts'
import { empty, ownDatabase } from './database.ts'

const { db } = ownDatabase('people')
const NOW = Date.UTC(2026, 0, 1, 12)
const inbox = mongoInbox(db, { clock: { now: () => NOW, errorMs: () => 0 }, inboxTtlMs: 3_600_000 })
const orders = mongoOrders(db)

beforeEach(() => empty(db))

const insert = (key: string, after: ReturnType<typeof sampleOrder>) => orders.write([{ key, before: undefined, after }])

it('an order is told with all its events, the oldest version first, each with its state and why', async () => {
  const event = (name: string, n: number) =>
    sampleNewEvent({ event: name, version: sampleVersion(n) }, ['order', 'entry'])
  const [dead, retrying, done] = await inbox.accept([event('refunded', 3), event('captured', 2), event('approved', 1)])
  await inbox.finish([{ ids: [done?.id ?? ''], state: 'done' }])
  const lane = [
    sampleEntry({ id: retrying?.id ?? '', tries: 2, last_error: 'status 503', effects: [{ name: 'entry' }] }),
  ]
  await insert(
    'points:order-1',
    sampleOrder({ lane, wake_at: NOW + 5_000, dead: [sampleDead({ id: dead?.id ?? '' })] }),
  )
  const [story, ...others] = await orderEvents(db, 'order-1', NOW)
  expect(others).toEqual([])
  expect(story).toMatchObject({ source: 'points', order_id: 'order-1', record: { rev: 1, known: true } })
  expect(story?.events).toMatchObject([
    {
      event: 'approved',
      state: 'done',
      effects: ['order', 'entry'],
      effects_to_do: [],
      finished_at: '2026-01-01T12:00:00.000Z',
    },
    {
      event: 'captured',
      state: 'retrying',
      reason: 'status 503',
      next_at: '2026-01-01T12:00:05.000Z',
      effects_to_do: ['entry'],
      tries: 2,
    },
    { event: 'refunded', state: 'dead', reason: 'permanent' },
  ])
})

it('nothing of what a person is told has a body or headers', async () => {
  await inbox.accept([
    sampleNewEvent({ body: '{"email":"someone@example.org"}', headers: { 'x-a': 'someone@example.org' } }),
  ])
  expect(JSON.stringify(await orderEvents(db, 'order-1', NOW))).not.toContain('someone@example.org')
})

it('an id that two sources use is two orders, one of an unknown source is found too', async () => {
  await inbox.accept(['points', 'hc', 'third'].map(source => sampleNewEvent({ source })))
  expect((await orderEvents(db, 'order-1', NOW)).map(({ source }) => source).sort()).toEqual(['hc', 'points', 'third'])
})

it('an order whose events have expired is still told', async () => {
  await insert('hc:order-1', sampleOrder({ floors: {} }))
  expect(await orderEvents(db, 'order-1', NOW)).toMatchObject([{ source: 'hc', record: { rev: 1 }, events: [] }])
})

it('an entry whose event is gone is shown all the same', async () => {
  await insert('points:order-1', sampleOrder({ wake_at: NOW, lane: [sampleEntry({ last_error: 'x' })] }))
  const [story] = await orderEvents(db, 'order-1', NOW)
  expect(story?.events).toMatchObject([{ event: 'approved', state: 'retrying', reason: 'x', effects: ['order'] }])
})

it('an order that nobody knows has no story', async () => {
  await inbox.accept([sampleNewEvent()])
  expect(await orderEvents(db, 'order-2', NOW)).toEqual([])
})

it('dead events are listed with their reasons, what died last first', async () => {
  const dead = (n: number, order: string) =>
    sampleDead({ dead_at: NOW + n, event: order, last_error: 'status 422', answer: 'no' }, n)
  await insert('points:a', sampleOrder({ dead: [dead(1, 'one'), dead(4, 'four')] }))
  await insert('hc:b', sampleOrder({ dead: [dead(3, 'three')] }))
  await insert('hc:c', sampleOrder())
  const list = await deadEvents(db, { limit: 2 })
  expect(list.map(({ event }) => event)).toEqual(['four', 'three'])
  expect(list[0]).toMatchObject({
    source: 'points',
    order_id: 'a',
    reason: 'permanent',
    last_error: 'status 422',
    answer: 'no',
    dead_at: new Date(NOW + 4).toISOString(),
    effects_to_do: ['order'],
    unsure: false,
    holds: false,
  })
  expect(await deadEvents(db, { limit: 10 })).toHaveLength(3)
})
