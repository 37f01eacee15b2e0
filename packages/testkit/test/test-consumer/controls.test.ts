import { defineConsumer, effect, type Handler, Permanent, Retryable } from '@hookline/consumer'
import { STEPS } from '@hookline/consumer/loop'
import { hc, type MemoryTransaction, points, shuffled, testConsumer } from '@hookline/testkit'
import { describe, expect, test } from 'vitest'
import { keyedTarget } from './target.ts'

const LEASE_MS = 30_000
const DAY_MS = 24 * 3_600_000
const at = (second: number) => `2026-03-01T10:00:${String(second).padStart(2, '0')}Z`

function consumerOf(handler: Handler) {
  const on = { points: ['authorized', 'approved', 'captured', 'cancelled'], hc: ['order.*'] }
  return defineConsumer({
    name: 'test',
    effects: [
      effect({ name: 'order', policy: 'latest', on, terminal: ({ event }) => event === 'cancelled', handler }),
      effect({ name: 'entry', policy: 'every', on: { points: ['captured'] }, handler }),
    ],
  })
}

describe('what happened is told', () => {
  test('an event that is done, by the calls that were made for it', async () => {
    const tested = testConsumer(consumerOf(async () => ({ note: 'sent' })))
    const event = points('captured')
    await tested.deliver(event)
    expect(tested.event(event)).toEqual({
      order: 'points:p-1',
      event: 'captured',
      last_webhook_at: '2026-03-01T10:00:00.000Z',
      state: 'done',
      reason: 'sent',
      effects: { order: 'done', entry: 'done' },
    })
    const call = { order: 'points:p-1', event: 'captured', attempt: 1, instance: 1, atMs: 0, outcome: 'done' }
    expect(tested.calls()).toMatchObject([
      { ...call, effect: 'order', note: 'sent' },
      { ...call, effect: 'entry', note: 'sent' },
    ])
    expect(new Set(tested.calls().map(({ effectKey }) => effectKey)).size).toBe(2)
  })

  test('an event that is stale, with what passed it', async () => {
    const tested = testConsumer(consumerOf(async () => {}))
    const [older, newer] = [points('authorized', {}, at(1)), points('approved', {}, at(2))]
    await tested.deliver(newer)
    await tested.deliver(older)
    expect(tested.event(older)).toMatchObject({ state: 'stale', reason: 'order is at 2026-03-01T10:00:02.000Z' })
    expect(tested.floors(older)).toMatchObject({ order: { last_webhook_at: '2026-03-01T10:00:02.000Z' } })
    expect(tested.calls()).toHaveLength(1)
  })

  test('an event that is parked, with what it waits for, and runs when that comes', async () => {
    const tested = testConsumer(consumerOf(async () => {}))
    const paid = hc('order.paid', { id: 'h-1' }, at(2))
    await tested.deliver(paid)
    expect(tested.event(paid)).toMatchObject({ state: 'parked', reason: 'waits for order.created' })
    expect(tested.event(paid).nextAt).toBe(tested.nowMs() + DAY_MS)
    await tested.deliver(hc('order.created', { id: 'h-1' }, at(1)))
    expect(tested.calls().map(({ event }) => event)).toEqual(['order.created', 'order.paid'])
  })

  test('an event that backs off, with what its handler said and when it is tried again', async () => {
    let fails = true
    const tested = testConsumer(
      consumerOf(async () => {
        if (fails) throw new Retryable('status 503')
      }),
    )
    const event = points('approved')
    await tested.deliver(event)
    const nextAt = tested.nowMs() + 750
    expect(tested.event(event)).toMatchObject({ state: 'retrying', reason: 'status 503', nextAt })
    fails = false
    await tested.advance(2_000)
    expect(tested.event(event)).toMatchObject({ state: 'done' })
    expect(tested.calls().map(({ attempt, outcome, error }) => [attempt, outcome, error])).toEqual([
      [1, 'retryable', 'status 503'],
      [2, 'done', undefined],
    ])
  })

  test('an event whose handler runs', async () => {
    const tested = testConsumer(consumerOf(async () => await tested.sleep(60_000)))
    const event = points('approved')
    await tested.deliver(event)
    expect(tested.event(event)).toMatchObject({ state: 'running' })
    await tested.advance(60_000)
    expect(tested.event(event)).toMatchObject({ state: 'done' })
    expect(tested.count('leases_lost')).toBe(0)
  })

  test('an event that is dead, and why', async () => {
    const refused = testConsumer(
      consumerOf(async () => {
        throw new Permanent('status 422')
      }),
    )
    await refused.deliver(points('approved'))
    expect(refused.events()).toMatchObject([{ state: 'dead', reason: 'permanent', lastError: 'status 422' }])

    const ended = testConsumer(consumerOf(async () => {}))
    const approved = points('approved', {}, at(2))
    await ended.deliver(points('cancelled', {}, at(1)))
    await ended.deliver(approved)
    expect(ended.event(approved)).toMatchObject({ state: 'dead', reason: 'after_terminal' })
  })

  test('an event that nothing here is for, and one that is too old', async () => {
    const tested = testConsumer(consumerOf(async () => {}))
    const [nobodys, old] = [points('completed'), points('approved', {}, '2025-01-01T10:00:00Z')]
    await tested.deliver(nobodys, old, Buffer.from('no event'))
    expect(tested.event(nobodys)).toMatchObject({ state: 'skipped' })
    expect(tested.event(old)).toMatchObject({ state: 'dead', reason: 'too_old' })
    expect(tested.deadLetters().map(({ reason }) => reason)).toEqual(['too_old', 'unreadable'])
    expect(() => tested.event(points('captured'))).toThrow('points:p-1 captured was not delivered')
  })
})

describe('deliveries', () => {
  const events = ['authorized', 'approved', 'captured', 'cancelled'].flatMap((event, second) =>
    ['p-1', 'p-2'].map(id => points(event, { id }, at(second))),
  )

  test.each([1, 2, 3, 4, 5])(
    'in order %i, each twice, to three instances: each effect once, the newest last',
    async seed => {
      const target = keyedTarget()
      const tested = testConsumer(
        consumerOf(async (event, context) => {
          await tested.sleep(10)
          await target.put(event, context)
        }),
        { instances: 3 },
      )
      for (const event of shuffled([...events, ...events], seed)) {
        await tested.deliver(event)
        await tested.advance(4)
      }
      await tested.advance(5_000)
      expect(new Set(target.requests.map(({ key }) => key)).size, tested.story()).toBe(target.requests.length)
      for (const id of ['p-1', 'p-2']) {
        const snapshots = target.executed().filter(what => what.startsWith(`${id} order`))
        expect(snapshots.at(-1), tested.story()).toBe(`${id} order cancelled`)
        expect(target.executed()).toContain(`${id} entry captured`)
      }
      expect(tested.count('duplicates_dropped')).toBe(events.length)
      expect(new Set(tested.calls().map(({ instance }) => instance)).size).toBeGreaterThan(1)
    },
  )

  test('are the same again in another order for the same seed, and lose none', () => {
    expect(shuffled(events, 7)).toEqual(shuffled(events, 7))
    expect(shuffled(events, 7)).not.toEqual(shuffled(events, 8))
    expect(new Set(shuffled(events, 7))).toEqual(new Set(events))
  })
})

describe('crashes', () => {
  test('an instance that is gone makes no more requests, and another one does its work under the same key', async () => {
    const target = keyedTarget()
    const tested = testConsumer(
      consumerOf(async (event, context) => {
        await tested.sleep(5_000)
        await target.put(event, context)
      }),
    )
    await tested.deliver(points('approved'))
    await tested.advance(1_000)
    await tested.crash()
    await tested.advance(LEASE_MS - 2_000)
    expect(target.requests).toEqual([])
    expect(tested.events()).toMatchObject([{ state: 'running' }])
    await tested.advance(10_000)
    expect(target.requests).toHaveLength(1)
    expect(tested.calls()).toMatchObject([
      { instance: 1, attempt: 1, outcome: 'crashed' },
      { instance: 2, attempt: 2, outcome: 'done', effectKey: tested.calls()[0]?.effectKey },
    ])
    expect(tested.crashes()).toEqual([{ instance: 1, atMs: 1_000 }])
    expect(tested.count('leases_taken_over')).toBe(1)
  })

  test.each(STEPS)('at %s: every effect is done, requested under one key, and the newest last', async step => {
    const target = keyedTarget()
    let busy = true
    const tested = testConsumer(
      consumerOf(async (event, context) => {
        if (event.order_id === 'p-2' && busy) {
          busy = false
          throw new Retryable('busy')
        }
        if (event.event === 'captured') await tested.sleep(LEASE_MS / 2)
        await target.put(event, context)
        return context.effect === 'order' ? { state: { last: event.event } } : undefined
      }),
    )
    tested.crashAt(step)
    await tested.deliver(points('captured', {}, at(2)), Buffer.from('no event'))
    await tested.deliver(points('approved', {}, at(1)), points('approved', { id: 'p-2' }))
    await tested.advance(4 * LEASE_MS)
    expect(tested.crashes(), tested.story()).toMatchObject([{ instance: 1, step }])
    expect(
      tested.events().every(({ state }) => state === 'done' || state === 'stale'),
      tested.story(),
    ).toBe(true)
    expect(target.executed().toSorted(), tested.story()).toEqual(
      ['p-1 entry captured', 'p-1 order captured', 'p-2 order approved'].toSorted(),
    )
    expect(tested.kept(points('approved'), 'order')).toEqual({ last: 'captured' })
    expect(tested.kept(points('approved', { id: 'p-2' }), 'order')).toEqual({ last: 'approved' })
  })

  test.each([
    ['accepted', 1, 1],
    ['claimed', 1, 1],
    ['claimed', 2, 2],
    ['committed', 1, 0],
  ] as const)('at %s, %i times: Kafka delivers again what was not committed', async (step, times, again) => {
    const tested = testConsumer(consumerOf(async () => {}))
    for (let i = 0; i < times; i += 1) tested.crashAt(step)
    await tested.deliver(points('approved'))
    expect(tested.crashes().map(crash => crash.step)).toEqual(Array.from({ length: times }, () => step))
    expect(tested.count('duplicates_dropped')).toBe(again)
  })

  test('before a handler was called are before any request', async () => {
    const target = keyedTarget()
    const tested = testConsumer(consumerOf(target.put))
    tested.crashAt('effect_begun')
    await tested.deliver(points('approved'))
    expect(tested.crashes()).toHaveLength(1)
    expect([tested.calls(), target.requests]).toEqual([[], []])
    await tested.advance(2 * LEASE_MS)
    expect(tested.calls()).toMatchObject([{ instance: 2, attempt: 2, outcome: 'done' }])
  })

  test('tell a handler nothing: its signal does not abort', async () => {
    const signals: AbortSignal[] = []
    const tested = testConsumer(
      consumerOf(async (_, { signal, attempt }) => {
        signals.push(signal)
        if (attempt === 1) await tested.sleep(LEASE_MS)
      }),
    )
    await tested.deliver(points('approved'))
    await tested.crash()
    await tested.advance(3 * LEASE_MS)
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, false])
  })

  test('of one test are none of another that runs beside it', async () => {
    const [one, other] = [testConsumer(consumerOf(async () => {})), testConsumer(consumerOf(async () => {}))]
    one.crashAt('accepted')
    await Promise.all([other.deliver(points('approved')), one.advance(1_000)])
    expect([one.crashes(), other.crashes()]).toEqual([[], []])
    expect(one.story()).toContain('no instance came to accepted')
    await one.deliver(points('approved'))
    expect(one.crashes()).toHaveLength(1)
  })

  test('of an instance that does not run are refused', async () => {
    const tested = testConsumer(consumerOf(async () => {}))
    await expect(tested.crash(2)).rejects.toThrow('no instance 2 runs: 1 do')
  })
})

describe('a person', () => {
  test('gives back what is dead, and it is done under the same key', async () => {
    let refuses = true
    const tested = testConsumer(
      consumerOf(async () => {
        if (refuses) throw new Permanent('status 422')
      }),
    )
    const event = points('approved')
    await tested.deliver(event)
    refuses = false
    await tested.redrive(event)
    await tested.advance(1_000)
    expect(tested.event(event)).toMatchObject({ state: 'done' })
    expect(new Set(tested.calls().map(({ effectKey }) => effectKey)).size).toBe(1)
    await expect(tested.redrive(event)).rejects.toThrow('points:p-1 approved is done, not dead')
  })
})

test('a person lets an event go on without the one that it waited for', async () => {
  const definition = { ...consumerOf(async () => {}), onParkExpired: 'dead' as const }
  const tested = testConsumer(definition, { settings: { parkMaxMs: 5_000 } })
  const paid = hc('order.paid', { id: 'h-1' })
  await tested.deliver(paid)
  await tested.advance(7_000)
  expect(tested.event(paid)).toMatchObject({ state: 'dead', reason: 'prerequisite_never_arrived' })
  await tested.redrive(paid, { withoutPrerequisite: true })
  await tested.advance(1_000)
  expect(tested.event(paid)).toMatchObject({ state: 'done' })
  expect(tested.order(paid)).toMatchObject({ known: true, lane: [], dead: [] })
})

test.each(['effect_ended', 'progress_stored'] as const)(
  'a transactional effect is committed once, with a crash at %s',
  async step => {
    const tally = effect({
      name: 'tally',
      policy: 'every',
      on: { points: ['captured'] },
      transactional: true,
      handler: async (_, { transaction }) => {
        const rows = transaction as MemoryTransaction
        await rows.set('captured', `${Number((await rows.get('captured')) ?? 0) + 1}`)
      },
    })
    const tested = testConsumer({ name: 'test', effects: [tally] })
    tested.crashAt(step)
    await tested.deliver(points('captured'))
    await tested.advance(2 * LEASE_MS)
    expect(tested.crashes()).toHaveLength(1)
    expect(tested.events()).toMatchObject([{ state: 'done' }])
    expect(tested.row('captured')).toBe('1')
    expect(tested.calls()).toHaveLength(step === 'effect_ended' ? 2 : 1)
  },
)

test('a day of back-off passes at once, by the clock of the test', async () => {
  const tested = testConsumer(
    consumerOf(async () => {
      throw new Retryable('busy')
    }),
    { settings: { schedulerMs: 60_000, leaseMs: 600_000, sweeperMs: DAY_MS } },
  )
  await tested.deliver(points('approved'))
  await tested.advance(3 * DAY_MS)
  expect(tested.events()).toMatchObject([{ state: 'dead', reason: 'used_up', lastError: 'busy' }])
})
