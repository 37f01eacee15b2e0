import { type Handler, Outage, Permanent, Retryable, Unknown, defineConsumer, effect } from '@hookline/consumer'
import { describe, expect, test } from 'vitest'
import { hcEvent, pointsEvent, world } from './harness.ts'

const LEASE_MS = 10_000
const quick = { leaseMs: LEASE_MS, backOff: { minMs: 1_000, maxMs: 60_000 } }
const POINTS = 'points:order-1'
const HC = 'hc:hc-1'

/** What was asked of the target, in its order, with an answer to give by event name. */
function target() {
  const calls: { event: string; effect: string; key: string }[] = []
  const answers = new Map<string, (() => Promise<void>)[]>()
  const handler: Handler = async (event, { effectKey, effect: name }) => {
    calls.push({ event: event.event, effect: name, key: effectKey })
    await answers.get(event.event)?.shift()?.()
  }
  return {
    calls,
    handler,
    events: () => calls.map(call => call.event),
    answer: (event: string, ...next: (() => Promise<void>)[]) => void answers.set(event, next),
  }
}

const fails = (error: Error) => () => Promise.reject(error)

function snapshots(handler: Handler) {
  const on = { points: ['*'], hc: ['order.*', 'fulfillment.*'] }
  return defineConsumer({ name: 'test', effects: [effect({ name: 'order', policy: 'latest', on, handler })] })
}

describe('once', () => {
  test('an event is done once, its order is free and its floor is raised', async () => {
    const { handler, events } = target()
    const w = world()
    const instance = w.start(snapshots(handler), quick)
    await instance.deliver(pointsEvent('approved', 1))
    await w.advance(0)
    expect(events()).toEqual(['approved'])
    expect(w.state('approved')).toBe('done')
    const order = w.order(POINTS)
    expect(order).toMatchObject({ known: true, lane: [], dead: [], last_webhook_at: '2026-01-01T12:00:01.000Z' })
    expect(order?.owner).toBeUndefined()
    expect(order?.floors['order']?.last_webhook_at).toBe('2026-01-01T12:00:01.000Z')
  })

  test('the same event in one slice, in later slices and at another instance is one request', async () => {
    const { handler, calls } = target()
    const w = world()
    const consumer = snapshots(handler)
    const [a, b] = [w.start(consumer, quick), w.start(consumer, quick)]
    const event = pointsEvent('approved', 1)
    await Promise.all([a.deliver(event, event, event), b.deliver(event)])
    await w.advance(0)
    await b.deliver(event)
    await w.advance(60_000)
    expect(calls).toHaveLength(1)
    expect(a.count('duplicates_dropped') + b.count('duplicates_dropped')).toBe(4)
  })

  test('two effects of one event have different keys, and every attempt of one has the same', async () => {
    const { handler, calls, answer } = target()
    const w = world()
    const on = { points: ['approved'] }
    const instance = w.start(
      defineConsumer({
        name: 'test',
        effects: [
          effect({ name: 'one', policy: 'every', on, handler }),
          effect({ name: 'two', policy: 'every', on, handler }),
        ],
      }),
      quick,
    )
    answer('approved', fails(new Unknown('cut off')))
    await instance.deliver(pointsEvent('approved', 1))
    await w.advance(5_000)
    expect(calls.map(call => call.effect)).toEqual(['one', 'two', 'one'])
    expect(calls[0]?.key).toBe(calls[2]?.key)
    expect(calls[0]?.key).not.toBe(calls[1]?.key)
    expect(w.state('approved')).toBe('done')
  })

  test('`onceFor` gives two events one key', async () => {
    const { handler, calls } = target()
    const w = world()
    const paid = effect({
      name: 'entry',
      policy: 'every',
      on: { hc: ['order.paid', 'payment.completed'] },
      onceFor: () => 'paid',
      handler,
    })
    const instance = w.start(defineConsumer({ name: 'test', effects: [paid], prerequisites: { hc: null } }), quick)
    await instance.deliver(hcEvent('order.paid', 1), hcEvent('payment.completed', 1))
    await w.advance(0)
    expect(new Set(calls.map(({ key }) => key)).size).toBe(1)
    expect(calls).toHaveLength(2)
  })
})

describe('order', () => {
  test('an older snapshot that comes later is stale, an older fact runs', async () => {
    const { handler, calls } = target()
    const w = world()
    const on = { points: ['*'] }
    const consumer = defineConsumer({
      name: 'test',
      effects: [
        effect({ name: 'snapshot', policy: 'latest', on, handler }),
        effect({ name: 'fact', policy: 'every', on, handler }),
      ],
    })
    const instance = w.start(consumer, quick)
    await instance.deliver(pointsEvent('captured', 9))
    await w.advance(0)
    await instance.deliver(pointsEvent('authorized', 1))
    await w.advance(0)
    expect(calls.map(call => `${call.event} ${call.effect}`)).toEqual([
      'captured snapshot',
      'captured fact',
      'authorized fact',
    ])
    expect(w.state('authorized')).toBe('done')
  })

  test('events of one slice run by version, whatever their order in Kafka', async () => {
    const { handler, events } = target()
    const w = world()
    const instance = w.start(snapshots(handler), quick)
    await instance.deliver(pointsEvent('approved', 3), pointsEvent('authorized', 1), pointsEvent('captured', 2))
    await w.advance(0)
    expect(events()).toEqual(['authorized', 'captured', 'approved'])
  })

  test('the floor belongs to the effect and its part', async () => {
    const { handler, events } = target()
    const w = world()
    const shipping = effect({
      name: 'shipping',
      policy: 'latest',
      on: { hc: ['fulfillment.*'] },
      part: event => (event.data as { data: { id: string } }).data.id,
      handler,
    })
    const instance = w.start(defineConsumer({ name: 'test', effects: [shipping], prerequisites: { hc: null } }), quick)
    await instance.deliver(hcEvent('fulfillment.delivered', 9, { id: 'f.1', order_id: 'hc-1' }))
    await instance.deliver(hcEvent('fulfillment.created', 2, { id: 'f2', order_id: 'hc-1' }))
    await instance.deliver(hcEvent('fulfillment.shipped', 3, { id: 'f.1', order_id: 'hc-1' }))
    await w.advance(0)
    expect(events()).toEqual(['fulfillment.delivered', 'fulfillment.created'])
    expect(Object.keys(w.order(HC)?.floors ?? {})).toEqual(['shipping/f%2E1', 'shipping/f2'])
  })

  test('an event waits for its order to be known, and runs right after the one that makes it known', async () => {
    const { handler, events } = target()
    const w = world()
    const instance = w.start(snapshots(handler), quick)
    await instance.deliver(hcEvent('fulfillment.shipped', 5, { id: 'f1', order_id: 'hc-1' }))
    await w.advance(60_000)
    expect(events()).toEqual([])
    expect(w.order(HC)).toMatchObject({ known: false, wake_at: Date.UTC(2026, 0, 1, 12) + 24 * 3_600_000 })
    await instance.deliver(hcEvent('order.created', 1))
    await w.advance(0)
    expect(events()).toEqual(['order.created', 'fulfillment.shipped'])
  })

  test('an order becomes known by an event that has no effect in this service', async () => {
    const { handler, events } = target()
    const w = world()
    const shipping = effect({ name: 'shipping', policy: 'latest', on: { hc: ['fulfillment.*'] }, handler })
    const instance = w.start(defineConsumer({ name: 'test', effects: [shipping] }), quick)
    await instance.deliver(hcEvent('fulfillment.shipped', 5, { id: 'f1', order_id: 'hc-1' }))
    await instance.deliver(hcEvent('order.created', 1))
    await w.advance(0)
    expect(events()).toEqual(['fulfillment.shipped'])
    expect(w.state('order.created')).toBe('done')
  })

  test('what waited longer than the park limit runs all the same, marked', async () => {
    const { handler, events } = target()
    const w = world()
    const instance = w.start(snapshots(handler), { ...quick, parkMaxMs: 5_000 })
    await instance.deliver(hcEvent('order.confirmed', 5))
    await w.advance(7_000)
    expect(events()).toEqual(['order.confirmed'])
    expect(w.order(HC)?.prerequisite_never_arrived).toBe(true)
    expect(instance.count('prerequisites_never_arrived')).toBe(1)
  })

  test('nothing newer passes a terminal event by itself', async () => {
    const { handler, events } = target()
    const w = world()
    const fulfilment = effect({
      name: 'fulfilment',
      policy: 'latest',
      on: { points: ['approved', 'cancelled'] },
      terminal: event => event.event === 'cancelled',
      handler,
    })
    const instance = w.start(defineConsumer({ name: 'test', effects: [fulfilment] }), quick)
    await instance.deliver(pointsEvent('cancelled', 5))
    await instance.deliver(pointsEvent('approved', 9))
    await w.advance(60_000)
    expect(events()).toEqual(['cancelled'])
    expect(w.order(POINTS)?.dead).toMatchObject([{ event: 'approved', reason: 'after_terminal' }])
  })

  test('what comes while the order is being worked on runs after it, in the same claim', async () => {
    const { handler, events, answer } = target()
    const w = world()
    const gate = Promise.withResolvers<void>()
    answer('authorized', () => gate.promise)
    const instance = w.start(snapshots(handler), quick)
    await instance.deliver(pointsEvent('authorized', 1))
    await w.advance(0)
    await instance.deliver(pointsEvent('captured', 2))
    await w.advance(0)
    expect(events()).toEqual(['authorized'])
    gate.resolve()
    await w.advance(0)
    expect(events()).toEqual(['authorized', 'captured'])
    expect(w.order(POINTS)?.lane).toEqual([])
  })
})

describe('failure', () => {
  test('a failing event is tried again with back-off, later ones of its order wait for it and others do not', async () => {
    const { handler, events, answer } = target()
    const w = world()
    answer('authorized', fails(new Retryable('503')), fails(new Retryable('503')))
    const instance = w.start(snapshots(handler), quick)
    await instance.deliver(
      pointsEvent('authorized', 1),
      pointsEvent('captured', 2),
      pointsEvent('approved', 1, { id: 'order-2' }),
    )
    await w.advance(0)
    expect(events().toSorted()).toEqual(['approved', 'authorized'])
    expect(w.order(POINTS)?.lane[0]).toMatchObject({ event: 'authorized', tries: 1, last_error: '503' })
    await w.advance(30_000)
    expect(events().filter(event => event !== 'approved')).toEqual([
      'authorized',
      'authorized',
      'authorized',
      'captured',
    ])
    expect(instance.count('retries')).toBe(2)
  })

  test('the target says when to come back', async () => {
    const { handler, calls, answer } = target()
    const w = world()
    answer('approved', fails(new Retryable('429', { retryAfterMs: 20_000 })))
    const instance = w.start(snapshots(handler), quick)
    await instance.deliver(pointsEvent('approved', 1))
    await w.advance(19_000)
    expect(calls).toHaveLength(1)
    await w.advance(3_000)
    expect(calls).toHaveLength(2)
  })

  test('an outage uses up no attempt', async () => {
    const { handler, calls, answer } = target()
    const w = world()
    answer('approved', ...Array.from({ length: 20 }, () => fails(new Outage('the breaker is open'))))
    const instance = w.start(snapshots(handler), { ...quick, deadAfterMs: 2_000 })
    await instance.deliver(pointsEvent('approved', 1))
    await w.advance(600_000)
    expect(calls).toHaveLength(21)
    expect(w.state('approved')).toBe('done')
  })

  test('a permanent refusal is dead with its reason and answer, and the order goes on', async () => {
    const { handler, events, answer } = target()
    const w = world()
    answer('authorized', fails(new Permanent('422', { answer: 'no such product' })))
    const instance = w.start(snapshots(handler), quick)
    await instance.deliver(pointsEvent('authorized', 1), pointsEvent('captured', 2))
    await w.advance(0)
    expect(events()).toEqual(['authorized', 'captured'])
    expect(w.order(POINTS)?.dead).toMatchObject([
      { event: 'authorized', reason: 'permanent', answer: 'no such product' },
    ])
    expect(w.state('authorized')).toBe('open')
    expect(instance.count('entries_dead permanent')).toBe(1)
  })

  test('what failed for a day of its own attempts is dead', async () => {
    const { handler, answer } = target()
    const w = world()
    answer('approved', ...Array.from({ length: 99 }, () => fails(new Retryable('503'))))
    const instance = w.start(snapshots(handler), { ...quick, deadAfterMs: 60_000 })
    await instance.deliver(pointsEvent('approved', 1))
    await w.advance(300_000)
    expect(w.order(POINTS)?.dead).toMatchObject([{ reason: 'used_up' }])
  })

  test('after an unknown outcome the event is repeated alone and before all others, although an older one came', async () => {
    const { handler, events, answer } = target()
    const w = world()
    answer('captured', fails(new Unknown('time-out')))
    const instance = w.start(snapshots(handler), quick)
    await instance.deliver(pointsEvent('captured', 5))
    await w.advance(0)
    await instance.deliver(pointsEvent('authorized', 1))
    await w.advance(10_000)
    expect(events()).toEqual(['captured', 'captured'])
    expect(w.state('authorized')).toBe('stale')
  })

  test('a bug in a handler is an unknown outcome, and what it says of the customer is not kept', async () => {
    const { handler, answer } = target()
    const w = world()
    answer('approved', fails(new TypeError('cannot read someone@example.com')))
    const instance = w.start(snapshots(handler), quick)
    await instance.deliver(pointsEvent('approved', 1))
    await w.advance(0)
    const [entry] = w.order(POINTS)?.lane ?? []
    expect(entry).toMatchObject({ unsure: true, tries: 1 })
    expect(entry?.last_error).toMatch(/^TypeError at .*consume\.test\.ts:\d+$/)
    expect(instance.count('effects order unknown')).toBe(1)
  })

  test('a record that cannot be read, or a body that is too old, is in the dead-letter topic and stops nobody', async () => {
    const { handler, events } = target()
    const w = world()
    const instance = w.start(snapshots(handler), { ...quick, inboxTtlMs: 3_600_000 })
    const old = pointsEvent('captured', -7_200)
    await instance.deliver(Buffer.from('{'), null, old, pointsEvent('approved', 1))
    await w.advance(0)
    expect(w.letters.map(({ reason }) => reason)).toEqual(['unreadable', 'unreadable', 'too_old'])
    expect(events()).toEqual(['approved'])
  })
})

describe('leases', () => {
  test('a handler that takes longer than the lease runs once, while others keep their hands off', async () => {
    const { handler, calls, answer } = target()
    const w = world()
    const gate = Promise.withResolvers<void>()
    answer('approved', () => gate.promise)
    const consumer = snapshots(handler)
    const [a, b] = [w.start(consumer, quick), w.start(consumer, quick)]
    await a.deliver(pointsEvent('approved', 1))
    await w.advance(10 * LEASE_MS)
    gate.resolve()
    await w.advance(0)
    expect(calls).toHaveLength(1)
    expect(b.count('leases_taken_over') + a.count('leases_lost')).toBe(0)
    expect(w.state('approved')).toBe('done')
  })

  test('what an instance that vanished had begun is replayed by another, with the same key', async () => {
    const { handler, calls, answer } = target()
    const w = world()
    const consumer = snapshots(handler)
    answer('approved', () => new Promise(() => {}))
    const a = w.start(consumer, { ...quick, shutdownMs: 0 })
    await a.deliver(pointsEvent('approved', 1))
    await w.advance(0)
    const closing = a.close()
    await w.advance(2_000)
    await closing
    const b = w.start(consumer, quick)
    await w.advance(2 * LEASE_MS)
    expect(calls).toHaveLength(2)
    expect(calls[0]?.key).toBe(calls[1]?.key)
    expect(b.count('leases_taken_over')).toBe(1)
    expect(w.state('approved')).toBe('done')
  })

  test('when the database is away longer than the lease, the handler is told to stop and nothing is done twice', async () => {
    const w = world()
    const signals: AbortSignal[] = []
    const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const consumer = snapshots(async (_event, { signal }) => {
      const gate = gates[signals.push(signal) - 1]
      await gate?.promise
    })
    const instance = w.start(consumer, quick)
    await instance.deliver(pointsEvent('approved', 1))
    await w.advance(0)
    w.orders.faults.down()
    await w.advance(2 * LEASE_MS)
    expect(signals[0]?.aborted).toBe(true)
    expect(instance.count('leases_lost')).toBe(1)
    w.orders.faults.up()
    gates[0]?.resolve()
    await w.advance(LEASE_MS)
    // it was done before anybody else took over: its release still holds
    expect(signals).toHaveLength(1)
    expect(w.state('approved')).toBe('done')
    expect(w.order(POINTS)?.owner).toBeUndefined()
  })

  test('the end of the service waits for running handlers', async () => {
    const { handler, answer } = target()
    const w = world()
    const gate = Promise.withResolvers<void>()
    answer('approved', () => gate.promise)
    const instance = w.start(snapshots(handler), quick)
    await instance.deliver(pointsEvent('approved', 1))
    await w.advance(0)
    const closed = instance.close()
    await w.advance(1_000)
    gate.resolve()
    await w.advance(0)
    await closed
    expect(w.state('approved')).toBe('done')
  })
})

describe('store outages', () => {
  test('a database that is away does not keep the service from ending', async () => {
    const w = world()
    const instance = w.start(snapshots(target().handler), { ...quick, shutdownMs: 5_000 })
    w.orders.faults.down()
    const delivered = instance.deliver(pointsEvent('approved', 1)).then(
      () => 'accepted',
      () => 'delivered again later',
    )
    await w.advance(1_000)
    const closed = instance.close().then(() => 'closed')
    await w.advance(6_000)
    expect(await Promise.all([closed, delivered])).toEqual(['closed', 'delivered again later'])
  })

  for (const operation of ['write', 'read', 'release'] as const) {
    test(`a failed ${operation} of order records is made up for, with one request`, async () => {
      const { handler, calls } = target()
      const w = world()
      const instance = w.start(snapshots(handler), quick)
      w.orders.faults.failBefore(operation)
      const delivered = instance.deliver(pointsEvent('approved', 1))
      await w.advance(3 * LEASE_MS)
      await delivered
      expect(calls).toHaveLength(1)
      expect(w.order(POINTS)?.lane).toEqual([])
    })

    test(`a ${operation} of order records without an answer is made up for, with one request`, async () => {
      const { handler, calls } = target()
      const w = world()
      const instance = w.start(snapshots(handler), quick)
      w.orders.faults.failAfter(operation)
      const delivered = instance.deliver(pointsEvent('approved', 1))
      await w.advance(3 * LEASE_MS)
      await delivered
      expect(calls).toHaveLength(1)
      expect(w.order(POINTS)?.lane).toEqual([])
    })
  }

  test('an inbox that fails midway loses nothing and repeats nothing', async () => {
    const { handler, events } = target()
    const w = world()
    const instance = w.start(snapshots(handler), quick)
    w.inbox.faults.failMidway('accept')
    w.inbox.faults.failAfter('finish')
    const delivered = instance.deliver(pointsEvent('approved', 1), pointsEvent('approved', 1, { id: 'order-2' }))
    await w.advance(3 * LEASE_MS)
    await delivered
    expect(events()).toEqual(['approved', 'approved'])
    expect(w.inbox.events().every(event => event.state === 'done')).toBe(true)
  })

  test('what is open in the inbox and comes again goes on at once, before the sweeper looks', async () => {
    const { handler, events } = target()
    const w = world()
    const instance = w.start(snapshots(handler), quick)
    w.inbox.faults.failAfter('accept')
    const delivered = instance.deliver(pointsEvent('approved', 1))
    await w.advance(5_000)
    await delivered
    expect(events()).toEqual(['approved'])
    expect(instance.count('swept')).toBe(0)
    expect(w.state('approved')).toBe('done')
  })

  test('an open event that is in no order record is found by the sweeper', async () => {
    const { handler, events } = target()
    const w = world()
    await w.inbox.accept([{ event: pointsEvent('approved', 1), effects: ['order'] }])
    const instance = w.start(snapshots(handler), quick)
    await w.advance(180_000)
    expect(events()).toEqual(['approved'])
    expect(instance.count('swept')).toBe(1)
  })
})
