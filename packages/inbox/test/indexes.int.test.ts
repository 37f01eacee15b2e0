import { sampleDead, sampleNewEvent, sampleOrder } from '@hookline/testkit'
import { ObjectId } from 'mongodb'
import { beforeEach, expect, it } from 'vitest'
import { checkIndexes, connectInbox, DEDUPE_INDEX, type Database, migrate } from '../src/index.ts'
import { expectedIndexes, OPEN_INDEX } from '../src/indexes.ts'
import { mongoInbox } from '../src/inbox.ts'
import { mongoOrders } from '../src/orders.ts'
import { empty, ownDatabase } from './database.ts'

const { db, name, uri } = ownDatabase('indexes')
const NOW = Date.now()
const inbox = mongoInbox(db, { clock: { now: () => NOW, errorMs: () => 0 }, inboxTtlMs: 3_600_000 })
const orders = mongoOrders(db)
const log = { warn: () => {} }
const connect = () => connectInbox({ uri, database: name, appName: 'hookline tests', inboxTtlMs: 1, log })

beforeEach(async () => {
  await db.dropDatabase()
  await migrate(uri, name)
})

async function replaceDedupe(key: Record<string, 1>, options: object): Promise<void> {
  await db.collection('webhook_events').dropIndex(DEDUPE_INDEX)
  await db.collection('webhook_events').createIndex(key, { name: DEDUPE_INDEX, ...options })
}

it('migrate makes every index once, and says so', async () => {
  await db.dropDatabase()
  const [first, second] = [await migrate(uri, name), await migrate(uri, name)]
  expect(first.map(({ did }) => did)).toEqual(expectedIndexes.map(() => 'created'))
  expect(second.map(({ did }) => did)).toEqual(expectedIndexes.map(() => 'was there'))
  expect(second[0]).toEqual({ collection: 'webhook_events', index: 'webhook_event_dedupe', did: 'was there' })
})

it('several that migrate at once make the same indexes', async () => {
  await db.dropDatabase()
  await Promise.all([migrate(uri, name), migrate(uri, name), migrate(uri, name)])
  await expect(checkIndexes(db)).resolves.toBeUndefined()
})

it('a service starts on a database that was migrated, and knows the time', async () => {
  const connected = await connect()
  expect(Math.abs(connected.clock.now() - Date.now())).toBeLessThan(60_000)
  await connected.close()
})

it('a service does not start on an empty database, and is told what to run', async () => {
  await db.dropDatabase()
  await expect(connect()).rejects.toThrow(/webhook_event_dedupe on webhook_events is missing.*run `hookline migrate`/)
})

it('a service does not start without its unique index', async () => {
  await db.collection('webhook_events').dropIndex(DEDUPE_INDEX)
  await expect(connect()).rejects.toThrow(/webhook_event_dedupe on webhook_events is missing.*run `hookline migrate`/)
})

const DEDUPE_KEY = { source: 1, order_id: 1, event: 1, occurrence: 1 } as const
const different: [string, Record<string, 1>, object][] = [
  ['not unique', DEDUPE_KEY, {}],
  ['on fewer fields', { source: 1, order_id: 1, event: 1 }, { unique: true }],
  ['on fields in another order', { order_id: 1, source: 1, event: 1, occurrence: 1 }, { unique: true }],
  ['partial', DEDUPE_KEY, { unique: true, partialFilterExpression: { state: 'open' } }],
  ['sparse', DEDUPE_KEY, { unique: true, sparse: true }],
  ['blind to case', DEDUPE_KEY, { unique: true, collation: { locale: 'en', strength: 2 } }],
]

it.each(different)('a service does not start where its unique index is %s', async (_, key, options) => {
  await replaceDedupe(key, options)
  await expect(connect()).rejects.toThrow('webhook_event_dedupe on webhook_events is different')
  await expect(migrate(uri, name)).rejects.toThrow('webhook_event_dedupe on webhook_events is different')
})

it('every question of the protocol is answered from its index', async () => {
  const events = db.collection('webhook_events')
  const order = db.collection('orders')
  const before = { state: 'open', accepted_at: { $lt: new Date() }, _id: { $gt: new ObjectId() } }
  const open = events.find(before).sort({ _id: 1 }).limit(10).hint(OPEN_INDEX)
  expect(indexOf(await open.explain())).toBe('webhook_event_open')
  expect(JSON.stringify(await open.explain())).not.toContain('"SORT"')
  const due = order.find({ wake_at: { $lte: new Date() } }).sort({ wake_at: 1 })
  expect(indexOf(await due.explain())).toBe('order_wake')
  const dead = order.find({ 'dead.dead_at': { $exists: true } }).sort({ 'dead.dead_at': -1 })
  expect(indexOf(await dead.explain())).toBe('order_dead')
  const identity = { source: 'x', order_id: { $in: ['a', 'b'] }, event: { $in: ['c'] }, occurrence: { $in: [''] } }
  expect(indexOf(await events.find(identity).explain())).toBe('webhook_event_dedupe')
})

it('an order that is well, and an event that is done, are in no index that they are not for', async () => {
  await orders.write([
    { key: 'points:well', before: undefined, after: sampleOrder() },
    { key: 'points:dead', before: undefined, after: sampleOrder({ dead: [sampleDead()], wake_at: NOW }) },
  ])
  const [done] = await inbox.accept([sampleNewEvent({ order_id: 'a' }), sampleNewEvent({ order_id: 'b' })])
  await inbox.finish([{ ids: [done?.id ?? ''], state: 'done' }])
  expect(await keysPerIndex(db, 'orders')).toEqual({ _id_: 2, order_wake: 1, order_dead: 1 })
  const expected = { _id_: 2, webhook_event_dedupe: 2, webhook_event_open: 1, webhook_event_expiry: 1 }
  expect(await keysPerIndex(db, 'webhook_events')).toEqual(expected)
})

it('what is done or stale expires after the TTL, what is open never', async () => {
  const [done, stale] = await inbox.accept(['a', 'b', 'c'].map(order_id => sampleNewEvent({ order_id })))
  await inbox.finish([
    { ids: [done?.id ?? ''], state: 'done', note: 'no_recipient' },
    { ids: [stale?.id ?? ''], state: 'stale' },
  ])
  const stored = await db.collection('webhook_events').find().sort({ order_id: 1 }).toArray()
  const finished_at = new Date(NOW)
  const expires_at = new Date(NOW + 3_600_000)
  expect(stored[0]).toMatchObject({ state: 'done', note: 'no_recipient', finished_at, expires_at, effects: ['order'] })
  expect(stored[1]).toMatchObject({ state: 'stale', finished_at, expires_at })
  expect(stored[2]).toMatchObject({ state: 'open', accepted_at: new Date(NOW) })
  expect(stored[2]).not.toHaveProperty('expires_at')
  await empty(db)
})

/** The index of a plan, or what it does without one. */
function indexOf(explained: unknown): unknown {
  return JSON.stringify(explained).match(/"winningPlan".*?"indexName":"(\w+)"/)?.[1]
}

async function keysPerIndex(database: Database, collection: string): Promise<unknown> {
  return (await database.command({ validate: collection })).keysPerIndex
}
