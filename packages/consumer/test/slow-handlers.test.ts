import { defineConsumer, effect, type Handler } from '@hookline/consumer'
import { MemoryFault } from '@hookline/testkit'
import { describe, expect, test } from 'vitest'
import { pointsEvent, world } from './harness.ts'

// A handler may take far longer than a lease.

const LEASE_MS = 30_000
const MINUTE_MS = 60_000
const LAST_WORDS_MS = 2_000
const SLOW = 'points:order-1'
const slow = { leaseMs: LEASE_MS, backOff: { minMs: 1_000, maxMs: 60_000 } }

/** Handlers that end at once, but for orders that `hang`: those end when `finish` says so, and listen to no signal. */
function target() {
  const calls: { order: string; event: string; effect: string; by: string; key: string; signal: AbortSignal }[] = []
  const gates = new Map<string, PromiseWithResolvers<void>>()
  const handlerOf =
    (by: string): Handler =>
    async ({ order_id: order, event }, { effect: name, effectKey: key, signal }) => {
      calls.push({ order, event, effect: name, by, key, signal })
      await gates.get(`${order} ${by}`)?.promise
    }
  return {
    calls,
    /** `by`: the instance, as the target sees it. */
    consumer: (by = 'a') => {
      const on = { points: ['*'] }
      const effects = ['first', 'second'].map(name => effect({ name, policy: 'every', on, handler: handlerOf(by) }))
      return defineConsumer({ name: 'test', effects })
    },
    hang: (order: string, by = 'a') => void gates.set(`${order} ${by}`, Promise.withResolvers()),
    finish: (order: string, by = 'a') => {
      gates.get(`${order} ${by}`)?.resolve()
      gates.delete(`${order} ${by}`)
    },
    effectsOf: (order: string) =>
      calls.filter(call => call.order === order).map(call => `${call.effect} by ${call.by}`),
  }
}

function watched(promise: Promise<void>): { promise: Promise<void>; over(): boolean } {
  let over = false
  return { promise: promise.finally(() => (over = true)), over: () => over }
}

describe('a handler that takes ten minutes', () => {
  test('is called once: its lease is renewed all the time, and nobody else touches its order', async () => {
    const w = world()
    const t = target()
    t.hang('order-1')
    const [a, b] = [w.start(t.consumer('a'), slow), w.start(t.consumer('b'), slow)]
    await a.deliver(pointsEvent('approved', 1))
    const untilNextMs: number[] = []
    for (let second = 0; second < 600; second += 1) {
      await w.advance(1_000)
      untilNextMs.push((w.order(SLOW)?.wake_at ?? 0) - w.nowMs())
    }
    // a claim that is about to run out could be lost to a database that is slow for a moment
    expect(Math.min(...untilNextMs)).toBeGreaterThan(LEASE_MS / 3)
    expect(t.effectsOf('order-1')).toEqual(['first by a'])
    t.finish('order-1')
    await w.advance(0)
    expect(t.effectsOf('order-1')).toEqual(['first by a', 'second by a'])
    expect(w.state('approved')).toBe('done')
    expect([a.count('leases_lost'), b.count('leases_taken_over')]).toEqual([0, 0])
  })

  test('keeps no other order waiting: records are taken and done all the while', async () => {
    const w = world()
    const t = target()
    t.hang('order-1')
    const a = w.start(t.consumer(), slow)
    await a.deliver(pointsEvent('approved', 1))
    for (let minute = 0; minute < 10; minute += 1) {
      const id = `minute-${minute}`
      await a.deliver(pointsEvent('approved', 1, { id })) // Kafka waits for this and for nothing else
      await w.advance(0)
      expect(w.order(`points:${id}`)?.lane).toEqual([])
      await w.advance(MINUTE_MS)
    }
    expect(t.effectsOf('order-1')).toEqual(['first by a'])
  })

  test('keeps nothing in memory of what comes to its order or to others meanwhile', async () => {
    const w = world()
    const t = target()
    t.hang('order-1')
    // what was kept would soon fill this, and no slice would be taken any more
    const a = w.start(t.consumer(), { ...slow, maxLanes: 10, maxLaneBytes: 2_000 })
    await a.deliver(pointsEvent('approved', 1))
    for (let n = 0; n < 500; n += 1) {
      await a.deliver(pointsEvent('refunded', 2 + n), pointsEvent('approved', 1, { id: `other-${n}` }))
      await w.advance(1_000)
    }
    expect(a.lanesInFlight()).toBe(1)
    expect(w.order(SLOW)?.lane).toHaveLength(501)
    t.finish('order-1')
    await w.advance(1_000)
    expect(w.order(SLOW)?.lane).toEqual([])
    expect(t.effectsOf('order-1')).toHaveLength(2 * 501)
    expect(a.lanesInFlight()).toBe(0)
  })

  test('keeps the claims of those that wait for its place: nobody takes them over', async () => {
    const w = world()
    const t = target()
    for (const order of ['order-1', 'order-2']) t.hang(order)
    const a = w.start(t.consumer('a'), { ...slow, maxRunningLanes: 2 })
    const b = w.start(t.consumer('b'), slow)
    const orders = ['order-1', 'order-2', 'order-3', 'order-4']
    await a.deliver(...orders.map(id => pointsEvent('approved', 1, { id })))
    await w.advance(10 * MINUTE_MS)
    expect(t.calls.map(({ order }) => order)).toEqual(['order-1', 'order-2'])
    t.finish('order-1')
    await w.advance(0)
    expect(t.effectsOf('order-4')).toEqual(['first by a', 'second by a'])
    expect([a.count('leases_lost'), b.count('leases_taken_over')]).toEqual([0, 0])
  })
})

test('where every handler hangs no more is claimed than the limit, and what comes waits in Kafka', async () => {
  const w = world()
  const t = target()
  const a = w.start(t.consumer(), { ...slow, maxLanes: 3, maxRunningLanes: 2 })
  for (let n = 0; n < 3; n += 1) {
    t.hang(`order-${n}`)
    await a.deliver(pointsEvent('approved', 1, { id: `order-${n}` }))
  }
  const delivered = watched(a.deliver(pointsEvent('approved', 1, { id: 'order-4' })))
  await w.advance(10 * MINUTE_MS)
  expect([delivered.over(), a.lanesInFlight(), t.calls.length]).toEqual([false, 3, 2])
  t.finish('order-0')
  t.finish('order-1')
  await w.advance(0)
  await delivered.promise
  await w.advance(0)
  expect(t.effectsOf('order-4')).toEqual(['first by a', 'second by a'])
})

describe('a lease that cannot be renewed', () => {
  /** Every renewal of this instance fails; the others are well. */
  function failRenewals(w: ReturnType<typeof world>, instance: string): void {
    const { renew } = w.orders
    w.orders.renew = async (keys, token, wakeAt) => {
      if (token.startsWith(`${instance}#`)) throw new MemoryFault('the primary steps down', 'renew')
      return await renew(keys, token, wakeAt)
    }
  }

  test('because the database refuses: the handler is told to stop before anybody else may begin', async () => {
    const w = world()
    const t = target()
    t.hang('order-1', 'a')
    const a = w.start(t.consumer('a'), slow)
    const b = w.start(t.consumer('b'), slow)
    failRenewals(w, 'instance-1')
    await a.deliver(pointsEvent('approved', 1))
    await w.advance(0)
    let wasTold = false
    for (let waitedMs = 0; t.calls.length === 1 && waitedMs < 3 * LEASE_MS; waitedMs += 100) {
      wasTold = t.calls[0]?.signal.aborted === true
      await w.advance(100)
    }
    expect(wasTold).toBe(true)
    expect(t.calls.map(({ by, effect: name }) => `${name} by ${by}`)).toEqual([
      'first by a',
      'first by b',
      'second by b',
    ])
    expect(new Set(t.calls.slice(0, 2).map(({ key }) => key)).size).toBe(1)
    expect([a.count('leases_lost'), b.count('leases_taken_over')]).toEqual([1, 1])

    t.finish('order-1', 'a') // it did not listen
    await w.advance(MINUTE_MS)
    expect(t.effectsOf('order-1')).toHaveLength(3)
    expect(w.order(SLOW)).toMatchObject({ lane: [], dead: [] })
  })

  test('because it was taken over: the handler is told at the next renewal, and no effect begins any more', async () => {
    const w = world()
    const t = target()
    t.hang('order-1')
    const a = w.start(t.consumer(), slow)
    await a.deliver(pointsEvent('approved', 1))
    await w.advance(0)
    const before = w.order(SLOW)
    if (!before) throw new Error('no order')
    const wakeAt = w.nowMs() + 10 * MINUTE_MS
    await w.orders.write([
      { key: SLOW, before, after: { ...before, rev: before.rev + 1, owner: 'other', wake_at: wakeAt } },
    ])
    await w.advance(LEASE_MS / 2)
    expect(t.calls.map(({ signal }) => String(signal.reason))).toEqual(['Error: the claim was taken over'])
    t.finish('order-1')
    await w.advance(MINUTE_MS)
    expect(t.effectsOf('order-1')).toEqual(['first by a'])
    expect(w.order(SLOW)).toMatchObject({ owner: 'other', wake_at: wakeAt, lane: [{ begun: true }] })
  })
})

describe('the end of the service', () => {
  const shutdownMs = 50_000 // longer than a lease

  test('waits for a handler that ends in time, and keeps its lease meanwhile', async () => {
    const w = world()
    const t = target()
    t.hang('order-1', 'a')
    const a = w.start(t.consumer('a'), { ...slow, shutdownMs })
    const b = w.start(t.consumer('b'), slow)
    await a.deliver(pointsEvent('approved', 1))
    await w.advance(MINUTE_MS)
    const closed = watched(a.close())
    await w.advance(shutdownMs - 1_000)
    expect([closed.over(), t.calls[0]?.signal.aborted, b.count('leases_taken_over')]).toEqual([false, false, 0])
    t.finish('order-1', 'a')
    await w.advance(0)
    await closed.promise
    // what it had not begun is somebody else's at once
    await w.advance(1_000)
    expect(t.effectsOf('order-1')).toEqual(['first by a', 'second by b'])
    expect(w.state('approved')).toBe('done')
    expect(b.count('leases_taken_over')).toBe(0)
  })

  test('tells one that does not to stop, leaves its lease to run out, and another instance repeats it under its key', async () => {
    const w = world()
    const t = target()
    t.hang('order-1', 'a')
    const a = w.start(t.consumer('a'), { ...slow, shutdownMs })
    const b = w.start(t.consumer('b'), slow)
    await a.deliver(pointsEvent('approved', 1))
    await w.advance(0)
    const closed = watched(a.close())
    await w.advance(shutdownMs)
    expect([closed.over(), t.calls[0]?.signal.aborted]).toEqual([false, true])
    await w.advance(LAST_WORDS_MS)
    await closed.promise
    const leaseEndsAt = w.order(SLOW)?.wake_at ?? 0
    await w.advance(leaseEndsAt - w.nowMs() - 1)
    expect(t.effectsOf('order-1')).toEqual(['first by a'])
    await w.advance(2_000)
    expect(t.effectsOf('order-1')).toEqual(['first by a', 'first by b', 'second by b'])
    expect(t.calls[1]?.key).toBe(t.calls[0]?.key)
    expect(b.count('leases_taken_over')).toBe(1)
    t.finish('order-1', 'a')
    await w.advance(MINUTE_MS)
    expect(t.effectsOf('order-1')).toHaveLength(3)
    expect(w.order(SLOW)).toMatchObject({ lane: [], dead: [] })
  })
})

describe('how long the oldest claim has been worked on', () => {
  test('is 0 where nothing is worked on, and rises while a handler hangs, whatever the others do', async () => {
    const w = world()
    const t = target()
    const a = w.start(t.consumer(), slow)
    expect(a.oldestLaneMs()).toBe(0)
    await a.deliver(pointsEvent('approved', 1, { id: 'other' }))
    await w.advance(MINUTE_MS)
    expect(a.oldestLaneMs()).toBe(0)
    t.hang('order-1')
    await a.deliver(pointsEvent('approved', 1))
    for (let minute = 1; minute <= 10; minute += 1) {
      t.hang('other')
      await a.deliver(pointsEvent('refunded', minute, { id: 'other' }))
      await w.advance(MINUTE_MS)
      t.finish('other')
      await w.advance(0)
      expect(a.oldestLaneMs()).toBe(minute * MINUTE_MS)
    }
    t.finish('order-1')
    await w.advance(0)
    expect(a.oldestLaneMs()).toBe(0)
  })

  test('still counts a handler that was told to stop and does not', async () => {
    const w = world()
    const t = target()
    t.hang('order-1')
    const a = w.start(t.consumer(), slow)
    await a.deliver(pointsEvent('approved', 1))
    await w.advance(0)
    w.orders.faults.down()
    await w.advance(10 * MINUTE_MS)
    expect(a.count('leases_lost')).toBe(1)
    expect(a.oldestLaneMs()).toBe(10 * MINUTE_MS)
  })

  test('does not rise with an order to which events come all the time', async () => {
    const w = world()
    const t = target()
    const a = w.start(t.consumer(), slow)
    for (let n = 0; n < 20; n += 1) {
      const before = t.calls.length
      t.hang('order-1')
      await a.deliver(pointsEvent('refunded', n + 1))
      await w.advance(20_000)
      await a.deliver(pointsEvent('captured', n + 1)) // while it is worked on: it goes on at once
      expect(t.calls.length).toBeGreaterThan(before)
      t.finish('order-1')
      await w.advance(0)
    }
    expect(a.oldestLaneMs()).toBeLessThan(MINUTE_MS)
  })
})
