import { defineConsumer, effect, type Handler, Retryable } from '@hookline/consumer'
import { describe, expect, test } from 'vitest'
import { pointsEvent, world } from './harness.ts'

const LEASE_MS = 10_000
const quick = { leaseMs: LEASE_MS, backOff: { minMs: 1_000, maxMs: 60_000 } }
/** Less than a lease: nobody can have taken it over. */
const SOON_MS = LEASE_MS / 2
const ORDER = 'points:order-1'

function snapshots(handler: Handler) {
  return defineConsumer({
    name: 'test',
    effects: [effect({ name: 'order', policy: 'latest', on: { points: ['*'] }, handler })],
  })
}

describe('within the lease, and not by taking it over,', () => {
  test('an order whose claim had no answer is worked on', async () => {
    const w = world()
    let calls = 0
    const instance = w.start(
      snapshots(async () => {
        calls += 1
      }),
      quick,
    )
    w.orders.faults.failAfter('write')
    const delivered = instance.deliver(pointsEvent('approved', 1))
    await w.advance(SOON_MS)
    await delivered
    expect(calls).toBe(1)
    expect(w.order(ORDER)?.lane).toEqual([])
  })

  test('an order whose release did not arrive is released', async () => {
    const w = world()
    const instance = w.start(
      snapshots(() => Promise.resolve()),
      quick,
    )
    w.orders.faults.failBefore('release')
    const delivered = instance.deliver(pointsEvent('approved', 1))
    await w.advance(SOON_MS)
    await delivered
    expect(w.order(ORDER)?.lane).toEqual([])
  })

  test('an order to which an event came while its attempt was settled backs off', async () => {
    const w = world()
    const gate = Promise.withResolvers<void>()
    const instance = w.start(
      snapshots(async () => {
        await gate.promise
        throw new Retryable('busy')
      }),
      { ...quick, backOff: { minMs: 60_000, maxMs: 60_000 } },
    )
    await instance.deliver(pointsEvent('approved', 1))
    await w.advance(0)
    const settling = w.orders.faults.pauseBefore('write')
    gate.resolve()
    await settling.reached
    await instance.deliver(pointsEvent('captured', 2))
    settling.resume()
    await w.advance(SOON_MS)
    expect(w.order(ORDER)).not.toHaveProperty('owner')
    expect(w.order(ORDER)?.lane).toMatchObject([{ tries: 1 }, { tries: 0 }])
  })
})

test('what came to an order whose claim had no answer does not run before it is begun', async () => {
  const w = world()
  const begun: unknown[] = []
  const consumer = snapshots(async ({ event }) => {
    begun.push([event, w.order(ORDER)?.lane.find(entry => entry.event === event)?.begun])
  })
  const instance = w.start(consumer, quick)
  const other = w.start(consumer, quick)
  w.orders.faults.failAfter('write')
  const delivered = instance.deliver(pointsEvent('approved', 1))
  await w.advance(0)
  await other.deliver(pointsEvent('captured', 2))
  await w.advance(SOON_MS)
  await delivered
  expect(begun).toEqual([
    ['approved', true],
    ['captured', true],
  ])
})

test('a renewal whose answer comes late counts from when it was sent', async () => {
  const w = world()
  let toldMs = 0
  const startedMs = w.nowMs()
  const consumer = snapshots(
    (_, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          toldMs = w.nowMs() - startedMs
          reject(new Retryable('told to stop'))
        })
      }),
  )
  const instance = w.start(consumer, quick)
  const renewal = w.orders.faults.pauseAfter('renew')
  for (let i = 0; i < 1_000; i += 1) w.orders.faults.failBefore('renew')
  await instance.deliver(pointsEvent('approved', 1))
  await w.advance(0.7 * LEASE_MS)
  await renewal.reached
  const sentBeforeMs = 0.7 * LEASE_MS
  renewal.resume()
  await w.advance(2 * LEASE_MS)
  expect(toldMs).toBeGreaterThan(LEASE_MS)
  expect(toldMs).toBeLessThan(sentBeforeMs + LEASE_MS - LEASE_MS / 8)
})
