import { type Consumer, defineConsumer, effect, type Handler, Permanent, Retryable } from '@hookline/consumer'
import { MemoryFault, type MemoryTransaction } from '@hookline/testkit'
import { describe, expect, test } from 'vitest'
import { pointsEvent, world } from './harness.ts'

// An effect that is wholly in the service's own database: exactly once, without a key, whatever happens.

const LEASE_MS = 10_000
const quick = { leaseMs: LEASE_MS, backOff: { minMs: 1_000, maxMs: 60_000 } }
const ORDER = 'points:order-1'
const A_WHILE_MS = 150_000 // lease, back-off and sweeper

/** Counts in the database how often an effect was made for an event: without a key, so that a second time is seen. */
function rows(meanwhile: () => Promise<void>): Handler {
  return async ({ event }, context) => {
    const table = context.transaction as MemoryTransaction
    const key = `${context.effect} ${event}`
    await table.set(key, `${Number((await table.get(key)) ?? 0) + 1}`)
    await meanwhile()
    return context.effect === 'state' ? { state: { events: Number(context.state?.['events'] ?? 0) + 1 } } : {}
  }
}

const on = { points: ['*'] }
type Make = (handler: Handler) => Consumer
const of =
  (...effects: ((handler: Handler) => ReturnType<typeof effect>)[]): Make =>
  handler =>
    defineConsumer({ name: 'test', effects: effects.map(make => make(handler)) })
const transactional = (name: string, policy: 'latest' | 'every') => (handler: Handler) =>
  effect({ name, policy, on, transactional: true, handler })
const atTarget = (name: string, policy: 'latest' | 'every') => () =>
  effect({ name, policy, on, handler: () => Promise.resolve() })

/** What stands beside the transactional effect. `first`: the second of the event that was handled in peace before. */
const SHAPES: readonly { name: string; make: Make; first: number; transactional: readonly string[] }[] = [
  { name: 'policy every', first: 1, transactional: ['row'], make: of(transactional('row', 'every')) },
  { name: 'policy latest', first: 1, transactional: ['row'], make: of(transactional('row', 'latest')) },
  { name: 'a state', first: 1, transactional: ['state'], make: of(transactional('state', 'latest')) },
  {
    name: 'an effect at a target before it',
    first: 1,
    transactional: ['row'],
    make: of(atTarget('call', 'every'), transactional('row', 'every')),
  },
  {
    name: 'an effect at a target after it',
    first: 1,
    transactional: ['row'],
    make: of(transactional('row', 'every'), atTarget('call', 'every')),
  },
  {
    name: 'a snapshot beside it that is stale',
    first: 9,
    transactional: ['row'],
    make: of(atTarget('snapshot', 'latest'), transactional('row', 'every')),
  },
  {
    name: 'a second one',
    first: 1,
    transactional: ['row', 'state'],
    make: of(transactional('row', 'every'), transactional('state', 'latest')),
  },
]

/** Two instances on one database. */
function scene() {
  const w = world()
  return {
    ...w,
    /** Whatever the first instance holds runs out, and is taken over. */
    isolate() {
      const { renew } = w.orders
      w.orders.renew = async (keys, token, wakeAt) => {
        if (token.startsWith('instance-1#')) throw new MemoryFault('cut off', 'renew')
        return await renew(keys, token, wakeAt)
      }
    },
  }
}

type Trouble = (s: ReturnType<typeof scene>) => void | (() => void)

/** Each is armed in the first call of the handler; what it returns is done in the end. */
const TROUBLES: Record<string, Trouble> = {
  nothing: () => {},
  'an error of the handler': () => {
    throw new Error('out of order')
  },
  'a handler that wants to try again': () => {
    throw new Retryable('not yet')
  },
  'a commit that is lost': ({ transactions }) => transactions.faults.failBefore('commit'),
  'a commit whose answer is lost': ({ transactions }) => transactions.faults.failAfter('commit'),
  'a commit that comes when its order was settled': ({ transactions }) => transactions.faults.failLate('commit').arrive,
  'a commit that comes while its order is settled': ({ transactions, orders }) => {
    const { arrive } = transactions.faults.failLate('commit')
    const { reached, resume } = orders.faults.pauseBefore('write')
    void reached.then(arrive).then(resume)
  },
  'a process that ends before the commit': ({ transactions, isolate }) => {
    transactions.faults.pauseBefore('commit')
    isolate()
  },
  'a process that ends after the commit': ({ transactions, isolate }) => {
    transactions.faults.pauseAfter('commit')
    isolate()
  },
  'a zombie that comes to its commit': ({ transactions, isolate }) => {
    const { resume } = transactions.faults.pauseBefore('commit')
    isolate()
    return resume
  },
  'a zombie that has committed': ({ transactions, isolate }) => {
    const { resume } = transactions.faults.pauseAfter('commit')
    isolate()
    return resume
  },
  'facts that are not stored': ({ inbox }) => inbox.faults.failBefore('finish'),
  'facts whose answer is lost': ({ inbox }) => inbox.faults.failAfter('finish'),
  'a release whose answer is lost': ({ orders }) => orders.faults.failAfter('release'),
  'a release that comes late': ({ orders }) => orders.faults.failLate('release').arrive,
  'a settling whose answer is lost': ({ transactions, orders }) => {
    transactions.faults.failAfter('commit')
    orders.faults.failAfter('write')
  },
}

const CASES = SHAPES.flatMap(shape => Object.entries(TROUBLES).map(([name, trouble]) => ({ shape, name, trouble })))

test.for(CASES)('exactly once with $shape.name: $name', async ({ shape, trouble }) => {
  const s = scene()
  let armed = false
  const inTheEnd: (() => void)[] = []
  const consumer = shape.make(
    rows(async () => {
      if (!armed) return
      armed = false
      inTheEnd.push(trouble(s) ?? (() => {}))
    }),
  )
  const [a] = [s.start(consumer, quick), s.start(consumer, quick)]
  await a.deliver(pointsEvent('authorized', shape.first))
  await s.advance(0)
  armed = true
  await a.deliver(pointsEvent('approved', 2), pointsEvent('captured', 3))
  await s.advance(A_WHILE_MS)
  expect(armed).toBe(false)
  for (const happens of inTheEnd) happens()
  await s.advance(A_WHILE_MS)

  const events = ['authorized', 'approved', 'captured']
  for (const name of shape.transactional) {
    expect(events.map(event => s.row(`${name} ${event}`))).toEqual(['1', '1', '1'])
  }
  // each was handed what the one before it has returned
  const kept = shape.transactional.includes('state') ? { events: 3 } : undefined
  expect(s.order(ORDER)?.floors['state']?.state).toEqual(kept)
  expect(s.inbox.events().map(({ state }) => state)).toEqual(['done', 'done', 'done'])
  expect(s.order(ORDER)).toMatchObject({ lane: [], dead: [], known: true })
  expect(s.order(ORDER)?.owner).toBeUndefined()
})

/** One instance and one transactional effect; `during` runs within its handler, when it has written. */
function alone(during: (s: ReturnType<typeof scene>, order: string) => Promise<void>) {
  const s = scene()
  const calls: string[] = []
  const consumer = SHAPES[0]?.make(async (event, context) => {
    calls.push(event.event)
    return await rows(() => during(s, event.order_id))(event, context)
  })
  if (!consumer) throw new Error('no shape')
  return { ...s, calls, instance: s.start(consumer, quick) }
}

describe('a handler that fails', () => {
  test('has written nothing', async () => {
    const s = alone(async () => {
      throw new Retryable('not yet')
    })
    await s.instance.deliver(pointsEvent('approved', 1))
    await s.advance(5_000)
    expect(s.calls.length).toBeGreaterThan(1)
    expect(s.row('row approved')).toBeUndefined()
    expect(s.order(ORDER)).toMatchObject({ lane: [{ effects: [{ name: 'row' }], tries: s.calls.length }] })
    expect(s.order(ORDER)?.lane[0]?.unsure).toBeUndefined()
  })

  test('for good is dead, and has written nothing', async () => {
    const s = alone(async () => {
      throw new Permanent('never')
    })
    await s.instance.deliver(pointsEvent('approved', 1))
    await s.advance(5_000)
    expect(s.row('row approved')).toBeUndefined()
    expect(s.order(ORDER)).toMatchObject({ lane: [], dead: [{ reason: 'permanent' }] })
    expect(s.state('approved')).toBe('open')
  })
})

describe('one commit', () => {
  test('says in the inbox, too, that the event is over', async () => {
    const s = alone(async () => {})
    const { reached, resume } = s.transactions.faults.pauseAfter('commit')
    await s.instance.deliver(pointsEvent('approved', 1))
    await s.advance(100)
    await reached
    expect(s.state('approved')).toBe('done')
    expect(s.order(ORDER)).toMatchObject({ lane: [{ event: 'approved', effects: [] }] })
    resume()
    await s.advance(1_000)
    expect(s.order(ORDER)).toMatchObject({ lane: [] })
  })

  test('is not begun under a claim that is lost: the handler is not called', async () => {
    const s = alone(async () => {})
    s.isolate()
    const { resume } = s.transactions.faults.pauseBefore('begin')
    await s.instance.deliver(pointsEvent('approved', 1))
    await s.advance(A_WHILE_MS)
    expect(s.instance.count('leases_taken_over')).toBe(1)
    expect(s.calls).toEqual(['approved'])
    resume()
    await s.advance(A_WHILE_MS)
    expect(s.calls).toEqual(['approved'])
    expect(s.row('row approved')).toBe('1')
  })

  test('that is asked for once more when it is stored does not call its handler again', async () => {
    const s = alone(async () => {})
    const { run } = s.transactions
    s.transactions.run = async work => {
      await run(work)
      return await run(work)
    }
    await s.instance.deliver(pointsEvent('approved', 1))
    await s.advance(1_000)
    expect(s.calls).toEqual(['approved'])
    expect(s.row('row approved')).toBe('1')
    expect(s.state('approved')).toBe('done')
  })
})

describe('a write that comes between', () => {
  test('an event of the order that arrives meanwhile makes the handler run again, and counts it once', async () => {
    let arrived = false
    const s = alone(async () => {
      if (arrived) return
      arrived = true
      await s.instance.deliver(pointsEvent('captured', 2))
    })
    await s.instance.deliver(pointsEvent('approved', 1))
    await s.advance(1_000)
    expect(s.calls).toEqual(['approved', 'approved', 'captured'])
    expect(s.transactions.conflicts()).toBe(1)
    expect(['approved', 'captured'].map(event => s.row(`row ${event}`))).toEqual(['1', '1'])
    expect(s.order(ORDER)?.lane).toEqual([])
  })

  test('two orders that change the same row both count', async () => {
    const both = Promise.withResolvers<void>()
    const s = alone(async () => {
      if (s.calls.length >= 2) both.resolve()
      await both.promise
    })
    await s.instance.deliver(pointsEvent('approved', 1), pointsEvent('approved', 1, { id: 'order-2' }))
    await s.advance(1_000)
    expect(s.row('row approved')).toBe('2')
    expect(s.transactions.conflicts()).toBe(1)
  })
})

describe('a slow handler', () => {
  test('is not made to run again by the renewals of its own lease', async () => {
    const s = alone(({ sleep }) => sleep(0.8 * LEASE_MS))
    await s.instance.deliver(...['approved', 'captured'].map((event, n) => pointsEvent(event, n)))
    await s.advance(3 * LEASE_MS)
    expect(s.calls).toEqual(['approved', 'captured'])
    expect(['approved', 'captured'].map(event => s.row(`row ${event}`))).toEqual(['1', '1'])
    expect(s.instance.count('leases_lost')).toBe(0)
  })

  test('has its whole time again where another write came between', async () => {
    const s = alone(async ({ sleep }) => {
      await sleep(0.4 * LEASE_MS)
      const event = ['captured', 'completed'][s.calls.length - 1]
      if (event !== undefined) await s.instance.deliver(pointsEvent(event, 1 + s.calls.length))
      await sleep(0.4 * LEASE_MS)
    })
    await s.instance.deliver(pointsEvent('approved', 1))
    await s.advance(10 * LEASE_MS)
    expect(s.calls).toEqual(['approved', 'approved', 'approved', 'captured', 'completed'])
    expect(s.instance.count('leases_lost')).toBe(0)
    expect(s.order(ORDER)?.lane).toEqual([])
  })

  test('that takes longer than the lease is told to stop, and has done nothing', async () => {
    let stopped = 0
    const s = scene()
    const consumer = SHAPES[0]?.make(async (event, context) => {
      context.signal.addEventListener('abort', () => (stopped += 1))
      return await rows(() => s.sleep(2 * LEASE_MS, context.signal))(event, context)
    })
    if (!consumer) throw new Error('no shape')
    const instance = s.start(consumer, { ...quick, maxLostLeases: 3 })
    await instance.deliver(pointsEvent('approved', 1))
    await s.advance(20 * LEASE_MS)
    expect(stopped).toBeGreaterThan(0)
    expect(s.row('row approved')).toBeUndefined()
  })
})
