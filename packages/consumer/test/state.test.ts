import { defineConsumer, effect, type Effect } from '@hookline/consumer'
import { MemoryFault } from '@hookline/testkit'
import { expect, test } from 'vitest'
import { pointsEvent, world } from './harness.ts'

// What an effect keeps of its order is never lost with its process, nor brought back by one that is late.

const LEASE_MS = 10_000
const quick = { leaseMs: LEASE_MS, backOff: { minMs: 1_000, maxMs: 60_000 } }
const ORDER = 'points:order-1'
type World = ReturnType<typeof world>

/** Keeps how many events it has seen, and which. */
function counting(more: Partial<Effect> = {}) {
  const seen: string[] = []
  const counted = effect({
    name: 'count',
    policy: 'latest',
    on: { points: ['*'] },
    handler: async ({ event }, { state }) => {
      seen.push(event)
      return { state: { events: Number(state?.['events'] ?? 0) + 1 } }
    },
    ...more,
  })
  return { seen, counted }
}

/** From now on the first instance's leases run out. */
function isolate({ orders }: World): void {
  const { renew } = orders
  orders.renew = async (keys, token, wakeAt) => {
    if (token.startsWith('instance-1#')) throw new MemoryFault('cut off', 'renew')
    return await renew(keys, token, wakeAt)
  }
}

test('is there for who takes over, where its process ended before the inbox was told', async () => {
  const w = world()
  const { seen, counted } = counting()
  const consumer = defineConsumer({ name: 'test', effects: [counted] })
  const [a] = [w.start(consumer, quick), w.start(consumer, quick)]
  w.inbox.faults.pauseBefore('finish') // and never again
  isolate(w)
  await a.deliver(pointsEvent('approved', 1), pointsEvent('captured', 2))
  await w.advance(5 * LEASE_MS)
  expect(seen).toEqual(['approved', 'captured'])
  expect(w.order(ORDER)).toMatchObject({ lane: [], floors: { count: { state: { events: 2 } } } })
  expect(w.inbox.events().map(({ state }) => state)).toEqual(['done', 'done'])
})

test('of a process that lost its claim is not stored: who took over was handed the same, and stores its own', async () => {
  const w = world()
  const gate = Promise.withResolvers<void>()
  const { seen, counted } = counting()
  const stuck = defineConsumer({
    name: 'test',
    effects: [
      {
        ...counted,
        handler: async () => {
          await gate.promise
          return { state: { by: 'a zombie' } }
        },
      },
    ],
  })
  const a = w.start(stuck, quick)
  w.start(defineConsumer({ name: 'test', effects: [counted] }), quick)
  isolate(w)
  await a.deliver(pointsEvent('approved', 1))
  await w.advance(5 * LEASE_MS)
  gate.resolve()
  await w.advance(5 * LEASE_MS)
  expect(seen).toEqual(['approved'])
  expect(w.order(ORDER)).toMatchObject({ lane: [], dead: [], floors: { count: { state: { events: 1 } } } })
})

test('is of its own effect and part, and others may read what an effect without parts keeps', async () => {
  const w = world()
  const read: unknown[] = []
  const perPart = effect({
    name: 'part',
    policy: 'latest',
    on: { points: ['*'] },
    part: ({ event }) => (event === 'approved' ? 'one' : 'other'),
    handler: async ({ event }, { state, stateOf }) => {
      read.push([event, state, stateOf('count')])
      return { state: { last: event } }
    },
  })
  const consumer = defineConsumer({ name: 'test', effects: [counting().counted, perPart] })
  const instance = w.start(consumer, quick)
  await instance.deliver(...['approved', 'captured', 'completed'].map((event, n) => pointsEvent(event, n)))
  await w.advance(0)
  expect(read).toEqual([
    ['approved', undefined, { events: 1 }],
    ['captured', undefined, { events: 2 }],
    ['completed', { last: 'captured' }, { events: 3 }],
  ])
})

test('that did not change costs no write of its own', async () => {
  const w = world()
  const { counted } = counting({ handler: async () => ({ state: { same: true } }) })
  const instance = w.start(defineConsumer({ name: 'test', effects: [counted] }), quick)
  const revs: (number | undefined)[] = []
  for (const [second, event] of ['approved', 'captured'].entries()) {
    await instance.deliver(pointsEvent(event, second))
    await w.advance(0)
    revs.push(w.order(ORDER)?.rev)
  }
  expect(revs).toEqual([3, 5]) // claim, state, release; claim, release
})
