import { inspect } from 'node:util'
import { sampleEntry, sampleNewEvent, sampleOrder } from '@hookline/testkit'
import { afterAll, beforeEach, expect, it } from 'vitest'
import { InboxUnavailable, openDatabase } from '../src/index.ts'
import { mongoInbox } from '../src/inbox.ts'
import { mongoOrders } from '../src/orders.ts'
import { cutProxy } from './cut-proxy.ts'
import { empty, ownDatabase } from './database.ts'

const { db: direct, name, uri } = ownDatabase('answers')
const proxy = await cutProxy(uri)
const { db, close } = openDatabase({ uri: proxy.uri, database: name, appName: 'hookline tests' })
const inbox = mongoInbox(db, { clock: { now: () => Date.now(), errorMs: () => 0 }, inboxTtlMs: 3_600_000 })
const orders = mongoOrders(db)

const MARKER = 'order-with-a-lost-answer'
const KEY = `points:${MARKER}`
const owned = sampleOrder({ lane: [sampleEntry({ begun: true })], owner: 'token', wake_at: 5, planned: {} })

beforeEach(() => empty(direct))
afterAll(async () => {
  await close()
  await proxy.close()
})

/** Loses the answers to the next requests about the order; the fault must have bitten that often. */
async function losing<T>(times: number, run: () => Promise<T>): Promise<T> {
  const before = proxy.cuts()
  proxy.loseAnswersTo(MARKER, times)
  try {
    return await run()
  } finally {
    proxy.loseAnswersTo(MARKER, 0)
    expect(proxy.cuts() - before).toBe(times)
  }
}

it('an event whose answer was lost once is new, and there once', async () => {
  const answers = await losing(1, () => inbox.accept([sampleNewEvent({ order_id: MARKER })]))
  expect(answers).toMatchObject([{ state: 'new' }])
  expect(await direct.collection('webhook_events').countDocuments()).toBe(1)
})

it('an event whose outcome stayed unknown is known the next time', async () => {
  const accept = () => inbox.accept([sampleNewEvent({ order_id: MARKER })])
  await expect(losing(2, accept)).rejects.toBeInstanceOf(InboxUnavailable)
  expect(await accept()).toMatchObject([{ state: 'open' }])
  expect(await direct.collection('webhook_events').countDocuments()).toBe(1)
})

it('a duplicate whose answer was lost is a duplicate', async () => {
  const [first] = await inbox.accept([sampleNewEvent({ order_id: MARKER })])
  const answers = await losing(1, () => inbox.accept([sampleNewEvent({ order_id: MARKER })]))
  expect(answers).toEqual([{ id: first?.id, state: 'open' }])
})

it('a compare-and-set whose answer was lost once is counted and done once', async () => {
  expect(await losing(1, () => orders.write([{ key: KEY, before: undefined, after: sampleOrder() }]))).toBe(1)
  const write = { key: KEY, before: sampleOrder(), after: sampleOrder({ rev: 2, owner: 'token' }) }
  expect(await losing(1, () => orders.write([write]))).toBe(1)
  expect((await orders.read([KEY])).get(KEY)).toEqual(write.after)
})

it('a release whose answer was lost rejects, and was done once', async () => {
  await orders.write([{ key: KEY, before: undefined, after: owned }])
  await expect(losing(1, () => orders.release([KEY], 'token'))).rejects.toBeInstanceOf(InboxUnavailable)
  expect((await orders.read([KEY])).get(KEY)).toEqual(sampleOrder({ rev: 2 }))
  expect(await orders.release([KEY], 'token')).toBe(0)
})

it('an answer that was lost is an error that says so, to be tried again, without the document', async () => {
  const accept = () => inbox.accept([sampleNewEvent({ order_id: MARKER, body: '{"secret":"marker-in-body"}' })])
  const error: unknown = await losing(2, accept).catch((caught: unknown) => caught)
  expect(error).toMatchObject({ name: 'InboxUnavailable', code: 'MongoNetworkError', retry: true })
  expect(inspect(error, { depth: 10, showHidden: true })).not.toMatch(/marker-in-body|order-with-a-lost-answer/)
})

it('a server that is gone is an error to try again after', async () => {
  const gone = await cutProxy(uri)
  const { db: unreachable, close: closeClient } = openDatabase({
    uri: gone.uri,
    database: name,
    appName: 'hookline tests',
  })
  await gone.close()
  const code = 'MongoServerSelectionError'
  await expect(mongoOrders(unreachable).read([KEY])).rejects.toMatchObject({
    name: 'InboxUnavailable',
    code,
    retry: true,
  })
  await closeClient()
})
