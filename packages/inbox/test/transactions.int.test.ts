import { inspect } from 'node:util'
import { sampleOrder } from '@hookline/testkit'
import { transactionsConformance } from '@hookline/testkit/conformance'
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { type MongoTransaction, openDatabase } from '../src/index.ts'
import { endIdleTransactions } from '../src/idle-transactions.ts'
import { mongoInbox } from '../src/inbox.ts'
import { mongoOrders } from '../src/orders.ts'
import { mongoTransactions } from '../src/transactions.ts'
import { cutProxy } from './cut-proxy.ts'
import { empty, ownDatabase } from './database.ts'

const { db: direct, name, uri } = ownDatabase('transactions')
const proxy = await cutProxy(uri)
const { db, close } = openDatabase({ uri: proxy.uri, database: name, appName: 'hookline tests' })
const options = { clock: { now: () => Date.now(), errorMs: () => 0 }, inboxTtlMs: 3_600_000 }
const rowsOf = () => direct.collection<{ _id: string; value: string }>('rows')

afterAll(async () => {
  await close()
  await proxy.close()
})

transactionsConformance('MongoDB', async () => {
  await empty(direct)
  await rowsOf().deleteMany({})
  return {
    transactions: mongoTransactions(db, options),
    orders: mongoOrders(direct),
    inbox: mongoInbox(direct, options),
    rows: handle => {
      const { db, session } = handle as MongoTransaction
      const rows = db.collection<{ _id: string; value: string }>('rows')
      return {
        get: async key => (await rows.findOne({ _id: key }, { session }))?.value,
        set: async (key, value) => {
          await rows.updateOne({ _id: key }, { $set: { value } }, { session, upsert: true })
        },
      }
    },
    row: async key => (await rowsOf().findOne({ _id: key }))?.value,
    loseNextAnswer: () => proxy.loseAnswersTo('commitTransaction', 1),
  }
})

describe('a transaction of MongoDB', () => {
  const { run } = mongoTransactions(db, options)
  const insert = (handle: unknown, _id: string) => {
    const { db, session } = handle as MongoTransaction
    return db.collection<{ _id: string; value: string }>('rows').insertOne({ _id, value: 'secret-value' }, { session })
  }

  beforeEach(async () => {
    await rowsOf().deleteMany({})
  })

  test('whose commit was not answered asks for its outcome, and does not run again', async () => {
    const before = proxy.cuts()
    let runs = 0
    proxy.loseAnswersTo('commitTransaction', 2)
    await run(async ({ handle }) => {
      runs += 1
      await insert(handle, 'row')
    })
    expect([proxy.cuts() - before, runs]).toEqual([2, 1])
    expect(await rowsOf().countDocuments()).toBe(1)
  })

  test('that is cut off before its commit is an outage, and nothing was done', async () => {
    proxy.loseAnswersTo('cut-off', 1)
    await expect(run(({ handle }) => insert(handle, 'cut-off'))).rejects.toMatchObject({
      name: 'InboxUnavailable',
      retry: true,
    })
    expect(await rowsOf().countDocuments()).toBe(0)
    expect(await run(async ({ handle }) => (await insert(handle, 'row')).acknowledged)).toBe(true)
  })

  test("tells the handler's own refusal by its code, without what it wrote", async () => {
    await rowsOf().insertOne({ _id: 'row', value: '' })
    const error: unknown = await run(({ handle }) => insert(handle, 'row')).catch((caught: unknown) => caught)
    expect(error).toMatchObject({ name: 'InboxRefused', code: 'DuplicateKey', retry: false })
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('secret-value')
  })

  test('that changed what another one has changed meanwhile runs again, though the handler hides why', async () => {
    let runs = 0
    await run(async ({ handle }) => {
      runs += 1
      const { db, session } = handle as MongoTransaction
      await db.collection('rows').findOne({}, { session })
      if (runs === 1) await rowsOf().insertOne({ _id: 'row', value: '0' })
      const inc = { $set: { value: `${runs}` } }
      const rows = db.collection<{ _id: string; value: string }>('rows')
      await rows.updateOne({ _id: 'row' }, inc, { session, upsert: true }).catch(() => undefined)
    })
    expect(runs).toBe(2)
    expect(await rowsOf().findOne()).toEqual({ _id: 'row', value: '2' })
  })
})

test('a transaction that a dead process left open is ended, and keeps its order from nobody', async () => {
  await empty(direct)
  const orders = mongoOrders(direct)
  const [before, after] = [sampleOrder(), sampleOrder({ rev: 2, owner: 'somebody else' })]
  await orders.write([{ key: 'points:order-1', before: undefined, after: before }])
  const appName = `dead ${name}`
  const { db: dead, close: closeDead } = openDatabase({ uri, database: name, appName })
  const staged = Promise.withResolvers<void>()
  const comesBack = Promise.withResolvers<void>()
  const zombie = mongoTransactions(dead, options).run(async inside => {
    const read = (await inside.orders.read(['points:order-1'])).get('points:order-1')
    if (!read || read.rev !== 1) return 'found changed'
    await inside.orders.write([{ key: 'points:order-1', before: read, after: sampleOrder({ rev: 2 }) }])
    staged.resolve()
    await comesBack.promise
    return 'committed'
  })
  await staged.promise

  const written = orders.write([{ key: 'points:order-1', before, after }])
  const ended = async () => ((await endIdleTransactions(direct, { appName, idleMs: 10 })) === 1 ? true : undefined)
  await vi.waitUntil(ended, { timeout: 30_000 })
  expect(await written).toBe(1)
  comesBack.resolve()
  expect(await zombie).toBe('found changed')
  expect((await orders.read(['points:order-1'])).get('points:order-1')).toEqual(after)
  await closeDead()
})

test('a transaction of another service, and one that is at work, is left alone', async () => {
  const appName = `busy ${name}`
  const { db: busy, close: closeBusy } = openDatabase({ uri, database: name, appName })
  await rowsOf().deleteMany({})
  await mongoTransactions(busy, options).run(async ({ handle }) => {
    const { db, session } = handle as MongoTransaction
    await db.collection('rows').insertOne({}, { session })
    expect(await endIdleTransactions(direct, { appName: `other ${name}`, idleMs: 0 })).toBe(0)
    expect(await endIdleTransactions(direct, { appName, idleMs: 60_000 })).toBe(0)
  })
  expect(await rowsOf().countDocuments()).toBe(1)
  await closeBusy()
})
