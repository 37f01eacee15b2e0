import { randomUUID } from 'node:crypto'
import { defineConsumer, effect, type Handler } from '@hookline/consumer'
import { points, testConsumer } from '@hookline/testkit'
import { describe, expect, test } from 'vitest'
import { askedTwice, keyedTarget, underTwoKeys } from './target.ts'

// Each consumer here is wrong as somebody may write it; beside it the one that is right.

const LEASE_MS = 30_000
const on = { points: ['approved', 'captured'] }
const second = (n: number) => `2026-03-01T10:00:0${n}Z`

function consumerOf(handler: Handler, policy: 'latest' | 'every' = 'latest') {
  return defineConsumer({ name: 'test', effects: [effect({ name: 'stock', policy, on, handler })] })
}

describe('a handler that asks its target twice', () => {
  test.each([
    [
      'is seen in the requests, though a target that drops repeated keys did it once',
      2,
      ['p-1 stock approved, attempt 1'],
    ],
    ['is told from one that asks once', 1, []],
  ])('%s', async (_, times, seen) => {
    const target = keyedTarget()
    const tested = testConsumer(
      consumerOf(async (event, context) => {
        for (let i = 0; i < times; i += 1) await target.put(event, context)
      }),
    )
    await tested.deliver(points('approved'), points('approved'))
    expect(askedTwice(target.requests)).toEqual(seen)
    expect(target.executed()).toEqual(['p-1 stock approved'])
  })
})

describe('a handler that makes its own key', () => {
  test.each([
    ['is seen when its instance is gone before it was known to be done', () => randomUUID(), ['p-1 stock approved']],
    ['is told from one that takes the key that it is given', undefined, []],
  ])('%s', async (_, key, seen) => {
    const target = keyedTarget()
    const tested = testConsumer(consumerOf(async (event, context) => await target.put(event, context, key?.())))
    tested.crashAt('effect_ended')
    await tested.deliver(points('approved'))
    await tested.advance(2 * LEASE_MS)
    expect(tested.crashes()).toMatchObject([{ step: 'effect_ended' }])
    expect(target.requests.map(({ attempt }) => attempt)).toEqual([1, 2])
    expect(underTwoKeys(target.requests)).toEqual(seen)
    expect(target.executed()).toHaveLength(1 + seen.length)
  })
})

describe('a handler that remembers an order by itself', () => {
  const confirmations: string[] = []

  /** Confirms an order once, whichever event comes first. */
  const inMemory = () => {
    const confirmed = new Set<string>()
    return consumerOf(async ({ order_id, event }) => {
      if (confirmed.has(order_id)) return
      confirmations.push(event)
      confirmed.add(order_id)
    })
  }
  const inState = () =>
    consumerOf(async ({ event }, { state }) => {
      if (state?.confirmed === true) return undefined
      confirmations.push(event)
      return { state: { confirmed: true } }
    })

  test.each([
    ['is seen after a crash', inMemory, ['approved', 'captured'], undefined],
    ['is told from one that returns it to be kept', inState, ['approved'], { confirmed: true }],
  ])('%s', async (_, consumer, confirmed, kept) => {
    confirmations.length = 0
    const tested = testConsumer(consumer)
    await tested.deliver(points('approved', {}, second(1)))
    await tested.crash()
    const captured = points('captured', {}, second(2))
    await tested.deliver(captured)
    expect(tested.event(captured)).toMatchObject({ state: 'done' })
    expect(confirmations).toEqual(confirmed)
    expect(tested.kept(captured, 'stock')).toEqual(kept)
  })

  test('is seen where another instance has the next event', async () => {
    confirmations.length = 0
    const tested = testConsumer(inMemory, { instances: 2 })
    await tested.deliver(points('approved', {}, second(1)))
    await tested.deliver(points('captured', {}, second(2)))
    expect(confirmations).toEqual(['approved', 'captured'])
  })
})

describe('a handler that returns state that cannot be kept', () => {
  test.each([
    ['of a fact', 'every', { last: 'approved' }, 'the state of effect stock is returned, but policy every keeps none'],
    ['of over a kilobyte', 'latest', { all: 'x'.repeat(2_000) }, 'the state of effect stock is 2010 bytes, over 1024'],
  ] as const)('%s: its event is dead, and says why', async (_, policy, state, lastError) => {
    const tested = testConsumer(consumerOf(async () => ({ state }), policy))
    const event = points('approved')
    await tested.deliver(event)
    expect(tested.event(event)).toMatchObject({ state: 'dead', reason: 'permanent', lastError })
    expect(tested.kept(event, 'stock')).toBeUndefined()
  })
})

test('a snapshot declared as a fact is seen: what is old is written over what is new', async () => {
  const target = keyedTarget()
  const tested = testConsumer(consumerOf(target.put, 'every'))
  await tested.deliver(points('captured', {}, second(2)))
  await tested.deliver(points('approved', {}, second(1)))
  expect(target.executed().at(-1)).toBe('p-1 stock approved')

  const right = testConsumer(consumerOf(keyedTarget().put, 'latest'))
  await right.deliver(points('captured', {}, second(2)))
  await right.deliver(points('approved', {}, second(1)))
  expect(right.event(points('approved', {}, second(1)))).toMatchObject({ state: 'stale' })
})
