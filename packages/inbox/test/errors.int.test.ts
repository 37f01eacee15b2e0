import { inspect } from 'node:util'
import { sampleEntry, sampleNewEvent, sampleOrder } from '@hookline/testkit'
import { beforeEach, expect, it } from 'vitest'
import { migrate } from '../src/index.ts'
import { safely } from '../src/errors.ts'
import { mongoInbox } from '../src/inbox.ts'
import { mongoOrders } from '../src/orders.ts'
import { empty, ownDatabase } from './database.ts'

const { db, name, uri } = ownDatabase('errors')
const inbox = mongoInbox(db, { clock: { now: () => Date.now(), errorMs: () => 0 }, inboxTtlMs: 3_600_000 })
const MARKER = 'someone@example.org'

beforeEach(() => empty(db))

/** The error that comes of it, with all that could ever be printed of it. */
async function errorOf(run: () => Promise<unknown>): Promise<{ error: unknown; printed: string }> {
  const error: unknown = await run().then(
    () => expect.unreachable('it should have failed'),
    (caught: unknown) => caught,
  )
  const fields = error instanceof Error ? Object.getOwnPropertyNames(error).map(key => Reflect.get(error, key)) : []
  return { error, printed: inspect([error, fields], { depth: 10, showHidden: true, maxStringLength: null }) }
}

it('the error of a duplicate key shows nothing of the document', async () => {
  const insert = () => safely('insert', () => db.collection<{ _id: string }>('orders').insertOne({ _id: MARKER }))
  await insert()
  const { error, printed } = await errorOf(insert)
  expect(error).toMatchObject({ name: 'InboxRefused', retry: false })
  expect(printed).not.toContain(MARKER)
})

it('the error of a bulk of duplicates shows nothing of the documents', async () => {
  const documents = [1, 2, 3].map(n => ({ source: MARKER, order_id: MARKER, event: 'approved', occurrence: '', n }))
  const insert = () => safely('insert', () => db.collection('webhook_events').insertMany(documents, { ordered: false }))
  const { error, printed } = await errorOf(insert)
  expect(error).toMatchObject({ name: 'InboxRefused', retry: false })
  expect(printed).not.toContain(MARKER)
})

it('an event that cannot be stored is refused, and nothing of it is shown', async () => {
  const headers = { [`${MARKER}\0`]: MARKER }
  const { error, printed } = await errorOf(() => inbox.accept([sampleNewEvent({ headers })]))
  expect(error).toMatchObject({ name: 'InboxRefused', retry: false })
  expect(printed).not.toContain(MARKER)
})

it.each([17, 20])('an order of %i MB is refused, and nothing of it is shown', async megabytes => {
  const lane = [sampleEntry({ last_error: MARKER.repeat((megabytes * 1_000_000) / MARKER.length) })]
  const write = { key: 'points:large', before: undefined, after: sampleOrder({ lane }) }
  const { error, printed } = await errorOf(() => mongoOrders(db).write([write]))
  expect(error).toMatchObject({ name: 'InboxRefused', retry: false })
  expect(printed).not.toContain(MARKER)
})

it('an index that cannot be unique says so, and nothing of what is stored', async () => {
  await db.collection('webhook_events').dropIndex('webhook_event_dedupe')
  const document = { source: MARKER, order_id: MARKER, event: 'approved', occurrence: '' }
  await db.collection('webhook_events').insertMany([{ ...document }, { ...document }])
  const { error, printed } = await errorOf(() => migrate(uri, name))
  expect(error).toMatchObject({ name: 'InboxRefused', code: 'DuplicateKey' })
  expect(printed).not.toContain(MARKER)
  await empty(db)
  await migrate(uri, name)
})

it('errors of others pass as they are', async () => {
  const bug = new TypeError('a bug of ours')
  const { error } = await errorOf(() => safely('x', () => Promise.reject(bug)))
  expect(error).toBe(bug)
})
