import { inspect } from 'node:util'
import { transactionsConformance } from '@hookline/testkit/conformance'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { type MongoTransaction, openDatabase } from '../src/index.ts'
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
