import type { Inbox, ServerClock } from '@hookline/consumer/loop'
import { beforeEach, describe, expect, it } from 'vitest'
import { sampleEvent, sampleNewEvent } from './samples.ts'

export interface InboxUnderTest {
  inbox: Inbox
  /** The clock that the inbox goes by. */
  clock: ServerClock
  /** Resolves when the clock has moved on. */
  tick(): Promise<void>
}

/** The promises of the port `Inbox`, as tests. `make` gives an empty one, for every test. */
export function inboxConformance(name: string, make: () => Promise<InboxUnderTest>): void {
  describe(`${name} keeps the promises of Inbox`, () => {
    let inbox: Inbox
    let clock: ServerClock
    let tick: () => Promise<void>

    beforeEach(async () => {
      const made = await make()
      inbox = made.inbox
      clock = made.clock
      tick = () => made.tick()
    })

    const accept = async (...events: Parameters<typeof sampleNewEvent>[0][]) =>
      inbox.accept(events.map(fields => sampleNewEvent(fields)))
    const acceptOne = async (fields: Parameters<typeof sampleNewEvent>[0] = {}) => {
      const [accepted] = await accept(fields)
      if (!accepted) throw new Error('accept gave no answer')
      return accepted
    }

    it('what was never seen is new, with an id of its own, in the order of the call', async () => {
      const answers = await accept({ order_id: 'a' }, { order_id: 'b' }, { order_id: 'c' })
      expect(answers.map(({ state }) => state)).toEqual(['new', 'new', 'new'])
      const ids = answers.map(({ id }) => id)
      expect(new Set(ids).size).toBe(3)
      const stored = await inbox.load(ids)
      expect(ids.map(id => stored.get(id)?.order_id)).toEqual(['a', 'b', 'c'])
    })

    it('what is known keeps its first id and tells its state', async () => {
      const first = await acceptOne()
      expect(await acceptOne()).toEqual({ id: first.id, state: 'open' })
    })

    it('a duplicate of what is done or stale says so', async () => {
      const [done, stale] = [await acceptOne({ order_id: 'a' }), await acceptOne({ order_id: 'b' })]
      await inbox.finish([
        { ids: [done.id], state: 'done' },
        { ids: [stale.id], state: 'stale' },
      ])
      expect(await accept({ order_id: 'b' }, { order_id: 'a' })).toEqual([
        { id: stale.id, state: 'stale' },
        { id: done.id, state: 'done' },
      ])
    })

    it('twice in one call: the second is a duplicate of the first', async () => {
      const [first, second, other] = await accept({}, {}, { order_id: 'other' })
      expect(first?.state).toBe('new')
      expect(second).toEqual({ id: first?.id, state: 'open' })
      expect(other?.state).toBe('new')
    })

    it('each of source, order_id, event and occurrence makes another event', async () => {
      const answers = await accept(
        {},
        { source: 'hc' },
        { order_id: 'order-2' },
        { event: 'captured' },
        { occurrence: 'x' },
      )
      expect(answers.map(({ state }) => state)).toEqual(['new', 'new', 'new', 'new', 'new'])
    })

    it('an identity is its four parts, not what they make when joined', async () => {
      const answers = await accept(
        { order_id: 'a:b', event: 'c', occurrence: 'd' },
        { order_id: 'a', event: 'b:c', occurrence: 'd' },
        { order_id: 'a:b', event: 'c:d', occurrence: '' },
        { order_id: 'a', event: 'b', occurrence: 'c:d' },
      )
      expect(answers.map(({ state }) => state)).toEqual(['new', 'new', 'new', 'new'])
    })

    it('duplicates among new ones are told apart, each at its place', async () => {
      const known = await accept({ order_id: 'o-1' }, { order_id: 'o-3' })
      const answers = await accept({ order_id: 'o-0' }, { order_id: 'o-1' }, { order_id: 'o-2' }, { order_id: 'o-3' })
      expect(answers.map(({ state }) => state)).toEqual(['new', 'open', 'new', 'open'])
      expect([answers[1]?.id, answers[3]?.id]).toEqual(known.map(({ id }) => id))
    })

    it('neighbours of a duplicate (same order, same event, same occurrence) are not taken for it', async () => {
      const first = await accept({ event: 'refunded', occurrence: '1' }, { event: 'approved', occurrence: '2' })
      const again = await accept(
        { event: 'refunded', occurrence: '1' },
        { event: 'refunded', occurrence: '2' },
        { event: 'approved', occurrence: '2' },
      )
      expect(again.map(({ state }) => state)).toEqual(['open', 'new', 'open'])
      expect([again[0]?.id, again[2]?.id]).toEqual(first.map(({ id }) => id))
    })

    it('a duplicate changes nothing of what was accepted first', async () => {
      const { id } = await acceptOne({ body: '{"n":1}' })
      await acceptOne({ body: '{"n":2}', version: 'another', headers: {} })
      expect((await inbox.load([id])).get(id)).toEqual({ ...sampleEvent({ body: '{"n":1}' }), id })
    })

    it('of the same event accepted many times at once, exactly one is new', async () => {
      const answers = await Promise.all(Array.from({ length: 20 }, () => acceptOne()))
      expect(answers.filter(({ state }) => state === 'new')).toHaveLength(1)
      expect(new Set(answers.map(({ id }) => id)).size).toBe(1)
    })

    it('a slice of a thousand, half of it known, is answered in full', async () => {
      const orders = Array.from({ length: 1_000 }, (_, n) => ({ order_id: `o-${n}` }))
      await accept(...orders.filter((_, n) => n % 2 === 0))
      const answers = await accept(...orders)
      expect(answers.map(({ state }) => state)).toEqual(orders.map((_, n) => (n % 2 === 0 ? 'open' : 'new')))
      expect(new Set(answers.map(({ id }) => id)).size).toBe(1_000)
    })

    it('what is loaded is what was accepted, byte for byte', async () => {
      const event = sampleEvent({
        order_id: 'A-z_0.9:x',
        occurrence: '0123456789abcdef',
        headers: { 'x.y': 'a', $z: '', constructor: 'c', 'content-type': 'application/json; charset=utf-8' },
        body: `{"a":"\\u0000 é ى 😀 $set a.b","n":1e400,"long":"${'x'.repeat(100_000)}"}\n`,
      })
      const [accepted] = await inbox.accept([{ event, effects: ['order', 'entry'] }])
      const id = accepted?.id ?? ''
      expect((await inbox.load([id])).get(id)).toEqual({ ...event, id })
    })

    it('ids that are not there are absent', async () => {
      const { id } = await acceptOne()
      const ids = [id, 'ffffffffffffffffffffffff', 'no id', '']
      expect([...(await inbox.states(ids))]).toEqual([[id, 'open']])
      expect([...(await inbox.load(ids)).keys()]).toEqual([id])
    })

    it('finish marks what is open, each with its state, and nothing else', async () => {
      const [a, b, c] = await accept({ order_id: 'a' }, { order_id: 'b' }, { order_id: 'c' })
      const [idA, idB, idC] = [a?.id ?? '', b?.id ?? '', c?.id ?? '']
      await inbox.finish([
        { ids: [idA, 'ffffffffffffffffffffffff'], state: 'done', note: 'no_recipient' },
        { ids: [idB], state: 'stale' },
        { ids: [], state: 'done' },
      ])
      expect(await inbox.states([idA, idB, idC])).toEqual(
        new Map([
          [idA, 'done'],
          [idB, 'stale'],
          [idC, 'open'],
        ]),
      )
    })

    it('what is done or stale stays so', async () => {
      const [a, b] = await accept({ order_id: 'a' }, { order_id: 'b' })
      const [idA, idB] = [a?.id ?? '', b?.id ?? '']
      await inbox.finish([
        { ids: [idA], state: 'done' },
        { ids: [idB], state: 'stale' },
      ])
      await inbox.finish([
        { ids: [idA], state: 'stale' },
        { ids: [idB], state: 'done' },
      ])
      expect(await inbox.states([idA, idB])).toEqual(
        new Map([
          [idA, 'done'],
          [idB, 'stale'],
        ]),
      )
    })

    it('the sweeper sees what is open since before a time, with its order', async () => {
      const old = await acceptOne({ source: 'hc', order_id: 'old:1' })
      const done = await acceptOne({ order_id: 'done' })
      await inbox.finish([{ ids: [done.id], state: 'done' }])
      await tick()
      const before = clock.now()
      await acceptOne({ order_id: 'young' })
      expect(await inbox.openBefore(before, 10)).toEqual([{ id: old.id, order: 'hc:old:1' }])
      expect(await inbox.openBefore(before - 3_600_000, 10)).toEqual([])
    })

    it('the sweeper comes through all that is open, page by page, each once', async () => {
      const accepted = await accept(...Array.from({ length: 25 }, (_, n) => ({ order_id: `o-${n}` })))
      await tick()
      const sizes: number[] = []
      const seen: string[] = []
      for (let after: string | undefined; sizes.at(-1) !== 0; after = seen.at(-1)) {
        const page = await inbox.openBefore(clock.now(), 10, after)
        sizes.push(page.length)
        seen.push(...page.map(({ id }) => id))
      }
      expect(sizes).toEqual([10, 10, 5, 0])
      expect(seen).toEqual(accepted.map(({ id }) => id).toSorted())
    })

    it('nothing to do is no error', async () => {
      expect(await inbox.accept([])).toEqual([])
      expect(await inbox.states([])).toEqual(new Map())
      expect(await inbox.load([])).toEqual(new Map())
      await inbox.finish([])
      expect(await inbox.openBefore(clock.now() + 1, 10)).toEqual([])
    })
  })
}
