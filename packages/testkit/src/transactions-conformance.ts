import type { Inbox, Inside, Orders, Transactions } from '@hookline/consumer/loop'
import { type OrderRecord, progress } from '@hookline/delivery'
import { beforeEach, describe, expect, it } from 'vitest'
import { sampleEntry, sampleNewEvent, sampleOrder } from './samples.ts'

export interface TransactionsUnderTest {
  transactions: Transactions
  /** The same database, outside of transactions. */
  orders: Orders
  inbox: Inbox
  /** The handler's own data, as one transaction sees it. */
  rows(handle: unknown): Rows
  /** A row as it is committed. */
  row(key: string): Promise<string | undefined>
  /** The next commit is carried out, and nobody is told so. */
  loseNextAnswer(): void
}

interface Rows {
  get(key: string): Promise<string | undefined>
  set(key: string, value: string): Promise<void>
}

const KEY = 'points:order-1'
const TOKEN = 'token-1'

/** The promises of the port `Transactions`, as tests. `make` gives an empty database, for every test. */
export function transactionsConformance(name: string, make: () => Promise<TransactionsUnderTest>): void {
  describe(`${name} keeps the promises of Transactions`, () => {
    let db: TransactionsUnderTest

    beforeEach(async () => {
      db = await make()
    })

    const readOne = async (from: Pick<Orders, 'read'> = db.orders) => (await from.read([KEY])).get(KEY)
    const store = async (after: OrderRecord) => db.orders.write([{ key: KEY, before: undefined, after }])

    /** Adds one to a row, as a handler does that knows of no key. */
    async function addOne(handle: unknown, key: string): Promise<void> {
      const rows = db.rows(handle)
      await rows.set(key, `${Number((await rows.get(key)) ?? 0) + 1}`)
    }

    /** Raises the record by one, whatever it is. */
    async function raise({ orders }: Pick<Inside, 'orders'>): Promise<number> {
      const before = (await orders.read([KEY])).get(KEY)
      if (!before) throw new Error('no record')
      return await orders.write([{ key: KEY, before, after: { ...before, rev: before.rev + 1 } }])
    }

    /** An event in the lane of an order that `TOKEN` works on. */
    async function claimed(): Promise<{ id: string }> {
      const [accepted] = await db.inbox.accept([sampleNewEvent({}, ['row'])])
      const id = accepted?.id ?? ''
      const lane = [sampleEntry({ id, begun: true, effects: [{ name: 'row' }] })]
      await store(sampleOrder({ lane, owner: TOKEN, wake_at: 5, planned: {} }))
      return { id }
    }

    /** What the loop does with a transactional effect: once it is done, never again. */
    async function effectOf(id: string, token = TOKEN): Promise<'made' | 'stored' | 'lost'> {
      return await db.transactions.run(async ({ orders, inbox, handle }) => {
        const before = (await orders.read([KEY])).get(KEY)
        const after = before ? progress(before, { id, effect: 'row' }, token) : 'lost'
        if (!before || after === 'lost' || after === 'stored') return after === 'stored' ? 'stored' : 'lost'
        await addOne(handle, 'row')
        await inbox.finish([{ ids: [id], state: 'done', note: 'made' }])
        await orders.write([{ key: KEY, before, after }])
        return 'made'
      })
    }

    describe('all or nothing', () => {
      it('what is done inside is stored once it is committed, in the record, the inbox and the rows', async () => {
        const { id } = await claimed()
        expect(await effectOf(id)).toBe('made')
        expect(await readOne()).toMatchObject({ rev: 2, owner: TOKEN, lane: [{ id, effects: [] }] })
        expect((await db.inbox.states([id])).get(id)).toBe('done')
        expect(await db.row('row')).toBe('1')
      })

      it('what throws comes out as it is, and nothing was done', async () => {
        const { id } = await claimed()
        const before = await readOne()
        const error = new Error('out of order')
        const work = async (inside: Inside) => {
          await addOne(inside.handle, 'row')
          await inside.inbox.finish([{ ids: [id], state: 'done' }])
          await raise(inside)
          throw error
        }
        await expect(db.transactions.run(work)).rejects.toBe(error)
        expect(await readOne()).toEqual(before)
        expect((await db.inbox.states([id])).get(id)).toBe('open')
        expect(await db.row('row')).toBeUndefined()
      })

      it('who is inside sees what was written there, who is outside does not yet', async () => {
        await store(sampleOrder())
        await db.transactions.run(async inside => {
          await raise(inside)
          await addOne(inside.handle, 'row')
          expect((await readOne(inside.orders))?.rev).toBe(2)
          expect(await db.rows(inside.handle).get('row')).toBe('1')
          expect((await readOne())?.rev).toBe(1)
          expect(await db.row('row')).toBeUndefined()
        })
        expect((await readOne())?.rev).toBe(2)
      })
    })

    describe('writes that come between', () => {
      it('of the record: runs again, sees it, and both are kept', async () => {
        await store(sampleOrder())
        const seen: (boolean | undefined)[] = []
        await db.transactions.run(async inside => {
          const record = await readOne(inside.orders)
          seen.push(record?.known)
          if (seen.length === 1) {
            const after = sampleOrder({ rev: 2, known: false })
            await db.orders.write([{ key: KEY, before: sampleOrder(), after }])
          }
          expect((await readOne(inside.orders))?.known).toBe(record?.known) // as it was when the transaction began
          expect(await raise(inside)).toBe(1)
        })
        expect(seen).toEqual([true, false])
        expect(await readOne()).toEqual(sampleOrder({ rev: 3, known: false }))
      })

      it('of the inbox: runs again, and what is over stays so', async () => {
        const { id } = await claimed()
        let runs = 0
        await db.transactions.run(async inside => {
          runs += 1
          await readOne(inside.orders)
          if (runs === 1) await db.inbox.finish([{ ids: [id], state: 'stale' }])
          await inside.inbox.finish([{ ids: [id], state: 'done' }])
        })
        expect(runs).toBe(2)
        expect((await db.inbox.states([id])).get(id)).toBe('stale')
      })

      it('of a row: runs again, and nothing is lost', async () => {
        let runs = 0
        await db.transactions.run(async ({ handle }) => {
          runs += 1
          await db.rows(handle).get('row')
          if (runs === 1) await db.transactions.run(other => addOne(other.handle, 'row'))
          await addOne(handle, 'row')
        })
        expect(runs).toBe(2)
        expect(await db.row('row')).toBe('2')
      })

      it('many at once on one record: one after the other, nothing lost', async () => {
        await store(sampleOrder())
        const work = async (inside: Inside) => {
          await addOne(inside.handle, 'row')
          return await raise(inside)
        }
        const written = await Promise.all(Array.from({ length: 8 }, () => db.transactions.run(work)))
        expect(written).toEqual(Array.from({ length: 8 }, () => 1))
        expect((await readOne())?.rev).toBe(9)
        expect(await db.row('row')).toBe('8')
      })
    })

    describe('a compare-and-set inside', () => {
      it('that matches nothing is not counted, and stops nothing else', async () => {
        await store(sampleOrder({ rev: 5 }))
        const counts = await db.transactions.run(async ({ orders, handle }) => {
          await addOne(handle, 'row')
          const write = (key: string, before?: number, after = 6) =>
            orders.write([
              {
                key,
                before: before === undefined ? undefined : sampleOrder({ rev: before }),
                after: sampleOrder({ rev: after }),
              },
            ])
          const missed = [await write(KEY, 4), await write(KEY), await write('points:gone', 5)]
          return [...missed, await write('points:new', undefined, 1), await write(KEY, 5)]
        })
        expect(counts).toEqual([0, 0, 0, 1, 1])
        const read = await db.orders.read([KEY, 'points:gone', 'points:new'])
        expect([...read].map(([key, { rev }]) => `${key} ${rev}`).sort()).toEqual(['points:new 1', `${KEY} 6`])
        expect(await db.row('row')).toBe('1')
      })

      it('of an order that has no record finds none', async () => {
        expect(await db.transactions.run(({ orders }) => orders.read([KEY]))).toEqual(new Map())
      })
    })

    describe('an effect', () => {
      it('that was made is found stored', async () => {
        const { id } = await claimed()
        expect([await effectOf(id), await effectOf(id)]).toEqual(['made', 'stored'])
        expect(await db.row('row')).toBe('1')
      })

      it('that was made, and whose answer was lost, is made once', async () => {
        const { id } = await claimed()
        db.loseNextAnswer()
        await effectOf(id).catch(() => undefined)
        expect(await effectOf(id)).toBe('stored')
        expect(await db.row('row')).toBe('1')
        expect((await readOne())?.rev).toBe(2)
        expect((await db.inbox.states([id])).get(id)).toBe('done')
      })

      it('of a zombie is not made: the owner is somebody else before it begins', async () => {
        const { id } = await claimed()
        expect(await effectOf(id, 'token-of-a-zombie')).toBe('lost')
        expect(await db.row('row')).toBeUndefined()
      })

      it('of a zombie is not made: the owner is somebody else before it commits', async () => {
        const { id } = await claimed()
        const runs: string[] = []
        const outcome = await db.transactions.run(async ({ orders, inbox, handle }) => {
          const before = (await orders.read([KEY])).get(KEY)
          const after = before ? progress(before, { id, effect: 'row' }, TOKEN) : 'lost'
          runs.push(typeof after === 'string' ? after : 'owned')
          if (!before || after === 'lost' || after === 'stored') return 'lost'
          await addOne(handle, 'row')
          await inbox.finish([{ ids: [id], state: 'done' }])
          await db.orders.write([{ key: KEY, before, after: { ...before, rev: before.rev + 1, owner: 'token-2' } }])
          return await orders.write([{ key: KEY, before, after }])
        })
        expect([runs, outcome]).toEqual([['owned', 'lost'], 'lost'])
        expect(await db.row('row')).toBeUndefined()
        expect((await db.inbox.states([id])).get(id)).toBe('open')
        expect(await readOne()).toMatchObject({ rev: 2, owner: 'token-2', lane: [{ effects: [{ name: 'row' }] }] })
      })
    })

    it('nothing to do is no error', async () => {
      expect(await db.transactions.run(async () => 'nothing')).toBe('nothing')
      const empty = await db.transactions.run(async ({ orders, inbox }) => {
        await inbox.finish([])
        return [await orders.read([]), await orders.write([])]
      })
      expect(empty).toEqual([new Map(), 0])
    })
  })
}
