import { defineConsumer, effect, type Handler } from '@hookline/consumer'
import { describe, expect, test } from 'vitest'
import { pointsEvent, world } from './harness.ts'

// What a client gave up may still be carried out: the network and the server had it.

const LEASE_MS = 10_000
const quick = { leaseMs: LEASE_MS, backOff: { minMs: 1_000, maxMs: 60_000 } }
const ORDER = 'points:order-1'

function every(handler: Handler) {
  return defineConsumer({
    name: 'test',
    effects: [effect({ name: 'entry', policy: 'every', on: { points: ['*'] }, handler })],
  })
}

describe('a request to the database that arrives when nobody waits for it any more', () => {
  test('a release takes nothing away from the run that came after it', async () => {
    const w = world()
    const gate = Promise.withResolvers<void>()
    const events: string[] = []
    const consumer = every(async ({ event }) => {
      events.push(event)
      if (event === 'captured') await gate.promise
    })
    const instance = w.start(consumer, quick)
    const late = w.orders.faults.failLate('release')
    const pause = w.orders.faults.pauseAfter('read') // the one of the claim
    const delivered = instance.deliver(pointsEvent('authorized', 1))
    await w.advance(0)
    pause.resume()
    await delivered
    await instance.deliver(pointsEvent('captured', 2))
    await w.advance(1_000)
    expect(events).toEqual(['authorized', 'captured'])
    late.arrive()
    expect(w.order(ORDER)).toMatchObject({ lane: [{ event: 'captured', begun: true }] })
    gate.resolve()
    await w.advance(1_000)
    expect(w.order(ORDER)?.lane).toEqual([])
    expect(events).toEqual(['authorized', 'captured'])
  })

  test('a renewal does not end the lease before its time', async () => {
    const w = world()
    const gate = Promise.withResolvers<void>()
    let calls = 0
    const consumer = every(async () => {
      calls += 1
      await gate.promise
    })
    const [a, b] = [w.start(consumer, quick), w.start(consumer, quick)]
    await a.deliver(pointsEvent('approved', 1))
    const late = w.orders.faults.failLate('renew')
    await w.advance(1.5 * LEASE_MS)
    const before = w.order(ORDER)?.wake_at
    late.arrive()
    expect(w.order(ORDER)?.wake_at).toBe(before)
    await w.advance(LEASE_MS)
    gate.resolve()
    await w.advance(0)
    expect(calls).toBe(1)
    expect(b.count('leases_taken_over')).toBe(0)
  })

  test('a claim counts its lease from when it was sent', async () => {
    const w = world()
    const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const signals: AbortSignal[] = []
    const consumer = every(async (_event, { signal }) => {
      const gate = gates[signals.push(signal) - 1]
      await gate?.promise
    })
    const [a, b] = [w.start(consumer, quick), w.start(consumer, { ...quick, schedulerMs: 500 })]
    const late = w.orders.faults.failLate('write')
    const first = w.orders.faults.pauseAfter('read')
    const delivered = a.deliver(pointsEvent('approved', 1))
    first.resume()
    const second = w.orders.faults.pauseAfter('read') // to see whether the claim is stored: not yet
    await w.advance(0.8 * LEASE_MS)
    late.arrive()
    second.resume()
    await delivered
    await w.advance(0.3 * LEASE_MS)
    expect(signals.length).toBeGreaterThan(0)
    // whoever took it over: nobody else works on it at the same time
    expect(signals.filter(signal => !signal.aborted).length).toBeLessThanOrEqual(1)
    for (const gate of gates) gate.resolve()
    await w.advance(3 * LEASE_MS)
    expect(w.order(ORDER)?.lane).toEqual([])
    expect(b.count('entries_dead kills_its_worker')).toBe(0)
  })

  test('a decision that was stored without an answer is gone on with, not waited for', async () => {
    const w = world()
    const events: string[] = []
    const instance = w.start(
      every(async ({ event }) => {
        events.push(event)
        if (event === 'authorized') {
          await instance.deliver(pointsEvent('captured', 2)) // the run is not the whole lane any more
          w.orders.faults.failAfter('write')
        }
      }),
      quick,
    )
    await instance.deliver(pointsEvent('authorized', 1))
    await w.advance(1_000)
    expect(events).toEqual(['authorized', 'captured'])
    expect(w.order(ORDER)?.lane).toEqual([])
  })
})
