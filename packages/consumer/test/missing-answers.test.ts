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
