import { defineConsumer, effect, type Handler } from '@hookline/consumer'
import { expect, test } from 'vitest'
import { pointsEvent, world } from './harness.ts'

const LEASE_MS = 10_000
const quick = { leaseMs: LEASE_MS }
const ORDER = 'points:order-1'

function snapshots(handler: Handler) {
  return defineConsumer({
    name: 'test',
    effects: [effect({ name: 'order', policy: 'latest', on: { points: ['*'] }, handler })],
  })
}

test('what the inbox says is done is not asked for again when its order is taken over, and its floor rises', async () => {
  const w = world()
  let calls = 0
  const consumer = snapshots(async () => {
    calls += 1
  })
  const stuck = w.orders.faults.pauseBefore('release')
  const a = w.start(consumer, quick)
  await a.deliver(pointsEvent('approved', 1))
  await w.advance(0)
  await stuck.reached
  await w.advance(2 * LEASE_MS)
  expect(a.count('leases_taken_over')).toBe(1)
  expect(w.order(ORDER)).toMatchObject({ lane: [], floors: { order: { last_webhook_at: expect.any(String) } } })
  stuck.resume()
  await w.advance(2 * LEASE_MS)
  expect(calls).toBe(1)
})

test('who looked at an order too long ago to know what became of it does not take it over', async () => {
  const w = world()
  let calls = 0
  const consumer = snapshots(async () => {
    calls += 1
    if (calls === 1) await new Promise(() => {})
  })
  const vanish = async (instance: { close(): Promise<void> }) => {
    const closed = instance.close()
    await w.advance(2_000)
    await closed
  }
  const first = w.start(consumer, { ...quick, shutdownMs: 0 })
  await first.deliver(pointsEvent('approved', 1))
  await w.advance(0)
  await vanish(first)
  const looking = w.inbox.faults.pauseAfter('states')
  w.start(consumer, quick)
  await w.advance(LEASE_MS)
  await looking.reached
  w.orders.faults.pauseBefore('release')
  const second = w.start(consumer, { ...quick, shutdownMs: 0 })
  await w.advance(2_000)
  expect(w.state('approved')).toBe('done')
  await vanish(second)
  await w.advance(2 * LEASE_MS)
  expect(calls).toBe(2)
  looking.resume()
  await w.advance(2 * LEASE_MS)
  expect(calls).toBe(2)
  expect(w.order(ORDER)?.lane).toEqual([])
})

test('after an outage of the database an owner has time to say what it did, and nobody takes its order over', async () => {
  const w = world()
  const gate = Promise.withResolvers<void>()
  let calls = 0
  const consumer = snapshots(async () => {
    calls += 1
    await gate.promise
  })
  const owner = w.start(consumer, quick)
  await owner.deliver(pointsEvent('approved', 1))
  await w.advance(0)
  const other = w.start(consumer, quick)
  for (const { faults } of [w.orders, w.inbox]) faults.down()
  gate.resolve()
  await w.advance(2 * LEASE_MS)
  for (const { faults } of [w.orders, w.inbox]) faults.up()
  await w.advance(LEASE_MS)
  expect(w.order(ORDER)?.lane).toEqual([])
  expect(calls).toBe(1)
  expect(owner.count('leases_taken_over') + other.count('leases_taken_over')).toBe(0)
})

test.each([
  ['before it asks for its state', 'openBefore'],
  ['after it asked for its state', 'states'],
] as const)('an event that is done while the sweeper looks at it, %s, is not added again', async (_, point) => {
  const w = world()
  let calls = 0
  const consumer = snapshots(async () => {
    calls += 1
  })
  w.orders.faults.pauseBefore('write')
  const first = w.start(consumer, { ...quick, shutdownMs: 0 })
  void first.deliver(pointsEvent('approved', 1))
  await w.advance(0)
  const closed = first.close()
  await w.advance(2_000)
  await closed
  const looking = w.inbox.faults.pauseAfter(point)
  w.start(consumer, { ...quick, sweeperMs: 3 * LEASE_MS })
  await w.advance(3 * LEASE_MS)
  await looking.reached
  const other = w.start(consumer, quick)
  await other.deliver(pointsEvent('approved', 1))
  await w.advance(0)
  expect(w.state('approved')).toBe('done')
  looking.resume()
  await w.advance(2 * LEASE_MS)
  expect(calls).toBe(1)
})
