import { defineConsumer, type Done, effect, type Effect, type HandlerContext, Retryable } from '@hookline/consumer'
import { describe, expect, test } from 'vitest'
import { pointsEvent, world } from './harness.ts'

const quick = { leaseMs: 10_000, backOff: { minMs: 1_000, maxMs: 60_000 } }

type Returns = (event: string, context: HandlerContext) => void | Done | Promise<void | Done>

function keeping(returns: Returns, more: Partial<Effect> = {}) {
  return defineConsumer({
    name: 'test',
    effects: [
      effect({
        name: 'mail',
        policy: 'latest',
        on: { points: ['*'] },
        handler: async ({ event }, context) => await returns(event, context),
        ...more,
      }),
    ],
  })
}

describe('what an effect returns to be kept', () => {
  test('is handed to the next one, in the same run and in later ones', async () => {
    const w = world()
    const handed: unknown[] = []
    const consumer = keeping((event, { state }) => {
      handed.push(state)
      return { state: { by: event } }
    })
    const instance = w.start(consumer, quick)
    await instance.deliver(pointsEvent('authorized', 1), pointsEvent('approved', 2))
    await w.advance(0)
    await instance.deliver(pointsEvent('captured', 3))
    await w.advance(0)
    expect(handed).toEqual([undefined, { by: 'authorized' }, { by: 'approved' }])
    expect(w.order('points:order-1')?.floors).toMatchObject({ mail: { state: { by: 'captured' } } })
  })

  test('stays where the next one returns nothing', async () => {
    const w = world()
    const instance = w.start(
      keeping(event => (event === 'authorized' ? { state: { by: event } } : undefined)),
      quick,
    )
    await instance.deliver(pointsEvent('authorized', 1), pointsEvent('approved', 2))
    await w.advance(0)
    expect(w.order('points:order-1')?.floors).toMatchObject({ mail: { state: { by: 'authorized' } } })
  })

  test('is stored although its write has no answer, and the effect runs once', async () => {
    const w = world()
    let calls = 0
    const consumer = keeping(event => {
      calls += 1
      w.orders.faults.failAfter('write')
      return { state: { by: event } }
    })
    const instance = w.start(consumer, quick)
    await instance.deliver(pointsEvent('approved', 1))
    await w.advance(5_000)
    expect(calls).toBe(1)
    expect(w.order('points:order-1')).toMatchObject({ lane: [], floors: { mail: { state: { by: 'approved' } } } })
  })

  test('by who lost the claim meanwhile is not kept, and the event is not done', async () => {
    const w = world()
    const consumer = keeping(async event => {
      const before = w.order('points:order-1')
      if (!before) throw new Error('there is no record')
      const after = { ...before, rev: before.rev + 1, owner: 'somebody else' }
      await w.orders.write([{ key: 'points:order-1', before, after }])
      return { state: { by: event } }
    })
    const instance = w.start(consumer, quick)
    await instance.deliver(pointsEvent('approved', 1))
    await w.advance(1_000)
    expect(w.order('points:order-1')).toMatchObject({ floors: {}, owner: 'somebody else' })
    expect(w.state('approved')).toBe('open')
  })

  test('of an attempt that failed is not kept', async () => {
    const w = world()
    const instance = w.start(
      keeping(() => {
        throw new Retryable('busy')
      }),
      quick,
    )
    await instance.deliver(pointsEvent('approved', 1))
    await w.advance(0)
    expect(w.order('points:order-1')?.floors).toEqual({})
  })

  test.each([
    ['that is no JSON object', keeping(() => ({ state: [] as unknown as Record<string, unknown> }))],
    ['that is larger than a kilobyte', keeping(() => ({ state: { text: 'x'.repeat(1_024) } }))],
    ['of an effect without a floor', keeping(() => ({ state: {} }), { policy: 'every' })],
  ])('%s makes the event dead, and is in no record', async (_, consumer) => {
    const w = world()
    const instance = w.start(consumer, quick)
    await instance.deliver(pointsEvent('approved', 1))
    await w.advance(0)
    expect(w.order('points:order-1')).toMatchObject({ floors: {}, lane: [], dead: [{ reason: 'permanent' }] })
    expect(JSON.stringify(w.order('points:order-1'))).not.toContain('xxxx')
  })
})
