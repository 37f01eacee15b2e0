import { defineConsumer, effect, type Handler, Retryable } from '@hookline/consumer'
import { expect, test } from 'vitest'
import { pointsEvent, world } from './harness.ts'

const LEASE_MS = 10_000
const quick = { leaseMs: LEASE_MS, backOff: { minMs: 1_000, maxMs: 60_000 } }

function every(handler: Handler) {
  return defineConsumer({
    name: 'test',
    effects: [effect({ name: 'entry', policy: 'every', on: { points: ['*'] }, handler })],
  })
}

test('what has not begun when the service ends is done by another at once, and no lease is lost', async () => {
  const w = world()
  const gate = Promise.withResolvers<void>()
  const calls: string[] = []
  const consumer = every(async ({ order_id, event }) => {
    calls.push(`${order_id} ${event}`)
    if (order_id === 'order-1' && event === 'authorized') await gate.promise
  })
  const a = w.start(consumer, { ...quick, maxRunningLanes: 1 })
  await a.deliver(
    pointsEvent('authorized', 1),
    pointsEvent('captured', 2),
    pointsEvent('approved', 1, { id: 'order-2' }),
  )
  await w.advance(0)
  const closed = a.close()
  await w.advance(0)
  gate.resolve()
  await w.advance(0)
  await closed
  expect(calls).toEqual(['order-1 authorized'])
  expect(w.order('points:order-1')).toMatchObject({ lane: [{ event: 'captured', lost_leases: 0 }] })
  const b = w.start(consumer, quick)
  await w.advance(2_000)
  expect(calls.toSorted()).toEqual(['order-1 authorized', 'order-1 captured', 'order-2 approved'])
  expect(b.count('leases_taken_over')).toBe(0)
  expect(w.inbox.events().every(({ state }) => state === 'done')).toBe(true)
})

test('a handler that stops when it is told to has its outcome written down before the service has ended', async () => {
  const w = world()
  const consumer = every(
    (_event, { signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(new Retryable('told to stop')))
      }),
  )
  const instance = w.start(consumer, { ...quick, shutdownMs: 1_000 })
  await instance.deliver(pointsEvent('approved', 1))
  await w.advance(0)
  const slow = w.orders.faults.pauseBefore('read')
  const closed = instance.close()
  await w.advance(2_000)
  slow.resume()
  await closed
  const order = w.order('points:order-1')
  expect(order?.owner).toBeUndefined()
  expect(order?.lane).toMatchObject([{ tries: 1, lost_leases: 0, last_error: 'told to stop' }])
})

test('suspects are not taken over any more once the service ends', async () => {
  const w = world()
  const gate = Promise.withResolvers<void>()
  let calls = 0
  const consumer = every(async () => {
    calls += 1
    if (calls > 4) await gate.promise
    else await new Promise(() => {})
  })
  // two orders whose worker vanished twice
  for (let i = 0; i < 2; i += 1) {
    const vanishing = w.start(consumer, { ...quick, shutdownMs: 0 })
    if (i === 0) await vanishing.deliver(pointsEvent('approved', 1), pointsEvent('approved', 1, { id: 'order-2' }))
    await w.advance(i === 0 ? 0 : 2 * LEASE_MS)
    const closed = vanishing.close()
    await w.advance(2_000)
    await closed
  }
  expect(calls).toBe(4)
  const instance = w.start(consumer, quick)
  await w.advance(2 * LEASE_MS)
  expect(calls).toBe(5)
  const closed = instance.close()
  gate.resolve()
  await w.advance(0)
  await closed
  await w.advance(1_000)
  expect(calls).toBe(5)
  const lostLeases = [...w.orders.records().values()].flatMap(({ lane }) => lane.map(entry => entry.lost_leases))
  expect(lostLeases).toEqual([1])
})
