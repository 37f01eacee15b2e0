import { defineConsumer, effect, type Effect, type Handler, Permanent } from '@hookline/consumer'
import { describe, expect, test } from 'vitest'
import { hcEvent, pointsEvent, world } from './harness.ts'

// One thing that cannot be handled must not stop the others.

const LEASE_MS = 10_000
const quick = { leaseMs: LEASE_MS, backOff: { minMs: 1_000, maxMs: 60_000 } }

function consumerOf(handler: Handler, changed: Partial<Effect> = {}) {
  return defineConsumer({
    name: 'test',
    effects: [effect({ name: 'entry', policy: 'latest', on: { points: ['*'], hc: ['*'] }, handler, ...changed })],
    prerequisites: { hc: null },
  })
}

class Refused extends Error {
  readonly retry = false
}

describe('an order record that the database refuses', () => {
  function refusing(w: ReturnType<typeof world>, refused: string) {
    let attempts = 0
    const { write } = w.orders
    w.orders.write = async writes => {
      const isRefused = writes.some(({ key, before }) => key === refused && before !== undefined)
      if (!isRefused) return await write(writes)
      attempts += 1
      throw new Refused('too large')
    }
    return () => attempts
  }

  test('keeps no other order from its release or its next attempt', async () => {
    const w = world()
    let tries = 0
    const consumer = consumerOf(async ({ order_id }) => {
      if (order_id === 'order-1') throw new Error('a settle is needed')
      tries += 1
      if (tries === 1) throw new Error('once more')
    })
    const instance = w.start(consumer, quick)
    const attempts = refusing(w, 'points:order-1')
    await instance.deliver(pointsEvent('approved', 1))
    await w.advance(1_000)
    await instance.deliver(pointsEvent('approved', 1, { id: 'order-2' }))
    await w.advance(5_000)
    expect(tries).toBe(2)
    expect(w.order('points:order-2')).toMatchObject({ lane: [], dead: [] })
    expect(attempts()).toBeLessThan(100)
  })
})

describe('a declaration that throws for an event that is stored already', () => {
  const throwing = (throws: () => boolean) => ({
    when: () => {
      if (throws()) throw new Error('a bug of the new version')
      return true
    },
  })

  test('costs no other order its release', async () => {
    const w = world()
    let throws = false
    const gate = Promise.withResolvers<void>()
    const instance = w.start(
      consumerOf(
        () => gate.promise,
        throwing(() => throws),
      ),
      quick,
    )
    // order-1 will be stale, which asks the declaration again
    await instance.deliver(pointsEvent('captured', 9), pointsEvent('authorized', 1, { id: 'order-2' }))
    await w.advance(0)
    gate.resolve()
    await w.advance(0)
    await instance.deliver(pointsEvent('approved', 1))
    throws = true
    await w.advance(2 * LEASE_MS)
    expect(w.order('points:order-1')).toMatchObject({ lane: [], dead: [] })
    expect(instance.count('leases_taken_over')).toBe(0)
  })

  test('keeps the sweeper from no other event', async () => {
    const w = world()
    const events: string[] = []
    await w.inbox.accept([{ event: pointsEvent('authorized', 1), effects: ['entry'] }])
    await w.inbox.accept([{ event: pointsEvent('approved', 1, { id: 'order-2' }), effects: ['entry'] }])
    const consumer = consumerOf(
      async ({ event }) => {
        events.push(event)
      },
      {
        when: ({ event }) => {
          if (event === 'authorized') throw new Error('a bug')
          return true
        },
      },
    )
    w.start(consumer, quick)
    await w.advance(180_000)
    expect(events).toEqual(['approved'])
  })
})

test('an event that cannot be read any more is dead, and its order is not held for ever', async () => {
  const w = world()
  const calls: string[] = []
  const consumer = consumerOf(async ({ event }) => {
    calls.push(event)
    throw new Error('once more')
  })
  const instance = w.start(consumer, quick)
  await instance.deliver(pointsEvent('approved', 1))
  await w.advance(0)
  const { load } = w.inbox
  w.inbox.load = async ids => {
    const events = await load(ids)
    return new Map([...events].map(([id, event]) => [id, { ...event, body: '{}' }]))
  }
  await w.advance(LEASE_MS)
  expect(calls).toEqual(['approved'])
  expect(w.order('points:order-1')).toMatchObject({ lane: [], dead: [{ reason: 'permanent' }] })
})

test('an effect that only a newer version declares is kept for an instance that knows it', async () => {
  const w = world()
  const events: string[] = []
  const handler: Handler = async ({ event }, { effect: name }) => {
    events.push(`${event} ${name}`)
    if (name === 'new' && events.length === 1) throw new Error('once more')
  }
  const on = { points: ['*'] }
  const one = effect({ name: 'one', policy: 'every', on, handler })
  const newer = defineConsumer({ name: 'test', effects: [effect({ name: 'new', policy: 'every', on, handler }), one] })
  const a = w.start(newer, quick)
  await a.deliver(pointsEvent('approved', 1))
  await w.advance(0)
  await a.close()
  const old = w.start(defineConsumer({ name: 'test', effects: [one] }), quick)
  await w.advance(3_000)
  expect(w.order('points:order-1')).toMatchObject({ lane: [{ effects: [{ name: 'new' }] }], dead: [] })
  await old.close()
  w.start(newer, quick)
  await w.advance(10_000)
  expect(events).toEqual(['approved new', 'approved one', 'approved new'])
})

test('a part with a name of any length and form has a short floor', async () => {
  const w = world()
  const part = { current: '' }
  const instance = w.start(
    consumerOf(async () => {}, { part: () => part.current }),
    quick,
  )
  for (const [second, name] of [`x${'é'.repeat(100_000)}`, '\ud800', '__proto__'].entries()) {
    part.current = name
    await instance.deliver(hcEvent('fulfillment.shipped', second + 1, { id: 'f', order_id: 'hc-1' }))
    await w.advance(0)
  }
  const keys = Object.keys(w.order('hc:hc-1')?.floors ?? {})
  expect(keys).toHaveLength(3)
  expect(Math.max(...keys.map(key => key.length))).toBeLessThan(200)
  expect(w.letters).toEqual([])
})

test('an order with many dead events takes no more than twice a lane', async () => {
  const w = world()
  const instance = w.start(
    consumerOf(async () => {
      throw new Permanent('refused')
    }),
    { ...quick, laneCap: 2 },
  )
  for (let second = 1; second <= 6; second += 1) await instance.deliver(pointsEvent('refunded', second))
  const order = w.order('points:order-1')
  expect((order?.lane.length ?? 0) + (order?.dead.length ?? 0)).toBe(4)
  expect(w.letters.map(({ reason }) => reason)).toEqual(['lane_full', 'lane_full'])
})

test('many orders that lost a lease before do not hide what is due behind them', async () => {
  const w = world()
  const ids = ['order-1', 'order-2', 'order-3']
  let vanish = true
  const events: string[] = []
  const consumer = consumerOf(async ({ order_id }) => {
    events.push(order_id)
    if (order_id === 'late' && events.filter(id => id === 'late').length === 1) throw new Error('once more')
    if (vanish || order_id === 'order-1') await new Promise(() => {})
  })
  for (let i = 0; i < 2; i += 1) {
    const vanishing = w.start(consumer, { ...quick, shutdownMs: 0 })
    if (i === 0) await vanishing.deliver(...ids.map(id => pointsEvent('approved', 1, { id })))
    await w.advance(i === 0 ? 0 : 2 * LEASE_MS)
    const closed = vanishing.close()
    await w.advance(2_000)
    await closed
  }
  vanish = false
  const instance = w.start(consumer, { ...quick, maxLanes: 2, schedulerMs: 500 })
  await w.advance(2 * LEASE_MS)
  await instance.deliver(pointsEvent('approved', 1, { id: 'late' }))
  await w.advance(5_000)
  expect(events.filter(id => id === 'late')).toHaveLength(2)
})
