import type { OrderKey, Orders, OrderWrite } from '@hookline/consumer/loop'
import type { OrderRecord } from '@hookline/delivery'
import { beforeEach, describe, expect, it } from 'vitest'
import { sampleDead, sampleEntry, sampleOrder, sampleVersion } from './samples.ts'

const KEY = 'points:order-1'
const NOW = Date.UTC(2026, 0, 1, 12)
const TOKEN = 'token-1'
const AT = '2026-01-01T10:00:07.123Z'

/** Every field there is. */
const FULL: OrderRecord = {
  rev: 7,
  known: false,
  prerequisite_never_arrived: true,
  last_webhook_at: AT,
  floors: { order: { version: sampleVersion(1), last_webhook_at: AT }, 'shipping/f%2E1': floor(2) },
  lane: [
    sampleEntry({ begun: true, first_tried_at: NOW - 5, tried_ms: 3_000, tries: 2, last_error: 'status 503' }, 1),
    sampleEntry({ unsure: true, released_by_person: true, creating: true, lost_leases: 1 }, 2),
    sampleEntry({ effects: [{ name: 'entry' }, { name: 'order', floor: 'order', terminal: true, hold: true }] }, 3),
  ],
  dead: [sampleDead({ unsure: true, first_tried_at: NOW - 9, last_error: 'status 422', answer: '{"error":"no"}' }, 4)],
  wake_at: NOW + 1,
  owner: TOKEN,
  planned: { order: { ...floor(3), terminal: true } },
}

function floor(n: number) {
  return { version: sampleVersion(n), last_webhook_at: AT }
}

/** An order that `token` works on, all of its lane begun. */
function owned(token: string, fields: Partial<OrderRecord> = {}): OrderRecord {
  const lane = [sampleEntry({ begun: true })]
  return sampleOrder({ lane, owner: token, wake_at: NOW + 30_000, planned: { order: floor(0) }, ...fields })
}

/** The promises of the port `Orders`, as tests. `make` gives an empty one, for every test. */
export function ordersConformance(name: string, make: () => Promise<Orders>): void {
  describe(`${name} keeps the promises of Orders`, () => {
    let orders: Orders

    beforeEach(async () => {
      orders = await make()
    })

    const insert = (records: Record<OrderKey, OrderRecord>) =>
      orders.write(Object.entries(records).map(([key, after]) => ({ key, before: undefined, after })))
    const readOne = async (key: OrderKey = KEY) => (await orders.read([key])).get(key)

    describe('read and write', () => {
      it('what is read is what was written, every field of it', async () => {
        expect(await insert({ [KEY]: FULL })).toBe(1)
        expect(await readOne()).toEqual(FULL)
      })

      it('what is replaced comes back in full too', async () => {
        await insert({ [KEY]: sampleOrder({ rev: 6 }) })
        expect(await orders.write([{ key: KEY, before: sampleOrder({ rev: 6 }), after: FULL }])).toBe(1)
        expect(await readOne()).toEqual(FULL)
      })

      it('fields that are gone from the record are gone from the store', async () => {
        await insert({ [KEY]: FULL })
        const after = sampleOrder({ rev: 8 })
        expect(await orders.write([{ key: KEY, before: FULL, after }])).toBe(1)
        expect(await readOne()).toEqual(after)
      })

      it('an order that has no record is absent', async () => {
        await insert({ [KEY]: sampleOrder() })
        expect([...(await orders.read([KEY, 'hc:order-1', 'points:order-2'])).keys()]).toEqual([KEY])
      })

      it('an order of one source is not that of another, nor one whose id has a colon', async () => {
        const keys = ['points:1', 'hc:1', 'points:1:1', 'points:points:1']
        await insert(Object.fromEntries(keys.map((key, n) => [key, sampleOrder({ rev: n + 1 })])))
        const read = await orders.read(keys)
        expect(keys.map(key => read.get(key)?.rev)).toEqual([1, 2, 3, 4])
      })
    })

    describe('compare-and-set', () => {
      it('a record that is there already is not inserted over', async () => {
        await insert({ [KEY]: sampleOrder({ rev: 1 }) })
        expect(await insert({ [KEY]: sampleOrder({ rev: 1, known: false }) })).toBe(0)
        expect(await readOne()).toEqual(sampleOrder({ rev: 1 }))
      })

      it('a record that moved on is not written', async () => {
        await insert({ [KEY]: sampleOrder({ rev: 5 }) })
        const write = (rev: number) =>
          orders.write([{ key: KEY, before: sampleOrder({ rev }), after: sampleOrder({ rev: rev + 1, known: false }) }])
        expect(await write(4)).toBe(0)
        expect(await write(6)).toBe(0)
        expect(await readOne()).toEqual(sampleOrder({ rev: 5 }))
      })

      it('a record that is gone is not made anew', async () => {
        expect(await orders.write([{ key: KEY, before: sampleOrder(), after: sampleOrder({ rev: 2 }) }])).toBe(0)
        expect(await readOne()).toBeUndefined()
      })

      it('one conflict stops no other write, and is not counted', async () => {
        const keys = ['points:a', 'points:b', 'points:c'] as const
        await insert(Object.fromEntries(keys.map(key => [key, sampleOrder({ rev: 1 })])))
        const writes: OrderWrite[] = [
          { key: 'points:new-1', before: undefined, after: sampleOrder() },
          { key: 'points:a', before: undefined, after: sampleOrder({ rev: 9 }) },
          { key: 'points:b', before: sampleOrder({ rev: 8 }), after: sampleOrder({ rev: 9 }) },
          { key: 'points:c', before: sampleOrder({ rev: 1 }), after: sampleOrder({ rev: 2 }) },
          { key: 'points:new-2', before: undefined, after: sampleOrder() },
        ]
        expect(await orders.write(writes)).toBe(3)
        const read = await orders.read(['points:new-1', ...keys, 'points:new-2'])
        expect([...read].map(([key, { rev }]) => `${key} ${rev}`).sort()).toEqual([
          'points:a 1',
          'points:b 1',
          'points:c 2',
          'points:new-1 1',
          'points:new-2 1',
        ])
      })

      it('of many that want to write the same record at once, exactly one does', async () => {
        const race = async (before: OrderRecord | undefined, rev: number) => {
          const rivals = Array.from({ length: 20 }, (_, n) => sampleOrder({ rev, owner: `token-${n}` }))
          const counts = await Promise.all(rivals.map(after => orders.write([{ key: KEY, before, after }])))
          const winners = rivals.filter((_, n) => counts[n] === 1)
          expect(winners).toHaveLength(1)
          expect(await readOne()).toEqual(winners[0])
          return winners[0]
        }
        const first = await race(undefined, 1)
        await race(first, 2)
      })
    })

    describe('compare-and-set of many records at once', () => {
      const MANY = 250
      const keys = Array.from({ length: MANY }, (_, n) => `points:many-${n}`)
      const before = (n: number) => sampleOrder({ rev: n + 1, owner: 'token-before' })
      const after = (n: number, owner = TOKEN) => ({ ...FULL, rev: n + 2, owner })
      const insertMany = () => insert(Object.fromEntries(keys.map((key, n) => [key, before(n)])))
      const write = (owner?: string) =>
        orders.write(keys.map((key, n) => ({ key, before: before(n), after: after(n, owner) })))

      it('each is its own replacement, every field of it', async () => {
        await insertMany()
        expect(await write()).toBe(MANY)
        expect(await orders.read(keys)).toEqual(new Map(keys.map((key, n) => [key, after(n)])))
      })

      it('those that moved on or are gone stay as they are, and are not counted', async () => {
        await insertMany()
        const movedOn = (n: number) => n % 10 === 3
        const writes = keys.map((key, n) => ({ key, before: before(n + Number(movedOn(n))), after: after(n) }))
        const gone = { key: 'points:gone', before: before(0), after: after(0) }
        expect(await orders.write([gone, ...writes])).toBe(MANY * 0.9)
        const stored = await orders.read([...keys, gone.key])
        expect(stored).toEqual(new Map(keys.map((key, n) => [key, movedOn(n) ? before(n) : after(n)])))
      })

      it('of many that write the same records at once, exactly one writes each', async () => {
        await insertMany()
        const owners = Array.from({ length: 8 }, (_, n) => `token-${n}`)
        const counts = await Promise.all(owners.map(write))
        const read = await orders.read(keys)
        expect(keys.map(key => read.get(key)?.rev)).toEqual(keys.map((_, n) => n + 2))
        const stored = [...read.values()]
        expect(counts).toEqual(owners.map(token => stored.filter(({ owner }) => owner === token).length))
      })

      it('texts that a database might take for its own language are kept as they are', async () => {
        await insertMany()
        const owner = '$rev'
        const lane = [sampleEntry({ last_error: '$$ROOT', event: '$name.with.dots', effects: [{ name: '$literal' }] })]
        const writes = keys.map((key, n) => ({ key, before: before(n), after: { ...after(n), owner, lane } }))
        expect(await orders.write(writes)).toBe(MANY)
        expect((await orders.read(['points:many-7'])).get('points:many-7')).toEqual({ ...after(7), owner, lane })
      })

      it('records that are large together are written like small ones', async () => {
        const large = keys.slice(0, 40)
        await insertMany()
        const lane = [sampleEntry({ last_error: 'x'.repeat(1_000_000) })]
        const writes = large.map((key, n) => ({ key, before: before(n), after: { ...after(n), lane } }))
        expect(await orders.write(writes)).toBe(large.length)
        expect((await orders.read(['points:many-39'])).get('points:many-39')).toEqual({ ...after(39), lane })
      })
    })

    describe('release', () => {
      it('what went well is freed: floors as planned, known, lane empty, rev risen, the rest untouched', async () => {
        await insert({ [KEY]: FULL })
        expect(await orders.release([KEY], TOKEN)).toBe(1)
        const { owner: _, wake_at: __, planned, ...same } = FULL
        expect(await readOne()).toEqual({ ...same, rev: 8, known: true, floors: planned, lane: [] })
      })

      it('nobody releases what another token owns, or what has more to do than was planned', async () => {
        const { planned: _, ...grown } = owned(TOKEN)
        await insert({ 'points:a': owned(TOKEN), 'points:b': owned('token-2'), 'points:c': grown })
        await insert({ 'points:d': sampleOrder({ lane: [sampleEntry()], wake_at: NOW }) })
        const keys = ['points:a', 'points:b', 'points:c', 'points:d', 'points:not-there']
        expect(await orders.release(keys, TOKEN)).toBe(1)
        const read = await orders.read(keys)
        expect(read.get('points:a')).toEqual(sampleOrder({ rev: 2, floors: { order: floor(0) } }))
        expect(read.get('points:b')).toEqual(owned('token-2'))
        expect(read.get('points:c')).toEqual(grown)
        expect(read.get('points:d')?.rev).toBe(1)
      })

      it('only the orders that are named are released', async () => {
        await insert({ 'points:a': owned(TOKEN), 'points:b': owned(TOKEN) })
        expect(await orders.release(['points:a'], TOKEN)).toBe(1)
        expect(await readOne('points:b')).toEqual(owned(TOKEN))
      })

      it('released twice is released once', async () => {
        await insert({ [KEY]: owned(TOKEN) })
        expect(await orders.release([KEY], TOKEN)).toBe(1)
        expect(await orders.release([KEY], TOKEN)).toBe(0)
        expect((await readOne())?.rev).toBe(2)
      })
    })

    describe('renew', () => {
      it('the owner moves the end of its lease, and rev rises', async () => {
        await insert({ [KEY]: FULL })
        expect(await orders.renew([KEY], TOKEN, NOW + 60_000)).toBe(1)
        expect(await readOne()).toEqual({ ...FULL, rev: 8, wake_at: NOW + 60_000 })
      })

      it('a renewal that arrives after a newer one shortens nothing', async () => {
        await insert({ [KEY]: FULL })
        await orders.renew([KEY], TOKEN, NOW + 60_000)
        expect(await orders.renew([KEY], TOKEN, NOW + 50_000)).toBe(1)
        expect((await readOne())?.wake_at).toBe(NOW + 60_000)
      })

      it('nobody renews the lease of another, or of an order that is free', async () => {
        await insert({ 'points:a': owned('token-2'), 'points:b': sampleOrder({ wake_at: NOW }) })
        expect(await orders.renew(['points:a', 'points:b', 'points:not-there'], TOKEN, NOW + 60_000)).toBe(0)
        expect(await readOne('points:a')).toEqual(owned('token-2'))
        expect(await readOne('points:b')).toEqual(sampleOrder({ wake_at: NOW }))
      })

      it('who wrote what was there before a renewal is too late', async () => {
        await insert({ [KEY]: owned(TOKEN) })
        await orders.renew([KEY], TOKEN, NOW + 60_000)
        expect(await orders.write([{ key: KEY, before: owned(TOKEN), after: sampleOrder({ rev: 2 }) }])).toBe(0)
      })
    })

    describe('due', () => {
      it('the longest due come first, up to the limit, with their records', async () => {
        const wakes = { 'points:c': NOW, 'points:a': NOW - 3_000, 'points:later': NOW + 1, 'points:b': NOW - 1 }
        await insert(Object.fromEntries(Object.entries(wakes).map(([key, wake_at]) => [key, sampleOrder({ wake_at })])))
        await insert({ 'points:never': sampleOrder() })
        expect([...(await orders.due(NOW, 10)).keys()]).toEqual(['points:a', 'points:b', 'points:c'])
        expect([...(await orders.due(NOW, 2))]).toEqual([
          ['points:a', sampleOrder({ wake_at: NOW - 3_000 })],
          ['points:b', sampleOrder({ wake_at: NOW - 1 })],
        ])
      })

      it('what was released or renewed is not due at its old time', async () => {
        await insert({
          'points:a': owned(TOKEN, { wake_at: NOW - 1 }),
          'points:b': owned(TOKEN, { wake_at: NOW - 1 }),
        })
        await orders.release(['points:a'], TOKEN)
        await orders.renew(['points:b'], TOKEN, NOW + 1)
        expect(await orders.due(NOW, 10)).toEqual(new Map())
      })
    })

    it('nothing to do is no error', async () => {
      expect(await orders.read([])).toEqual(new Map())
      expect(await orders.write([])).toBe(0)
      expect(await orders.release([], TOKEN)).toBe(0)
      expect(await orders.renew([], TOKEN, NOW)).toBe(0)
      expect(await orders.due(NOW, 10)).toEqual(new Map())
    })
  })
}
