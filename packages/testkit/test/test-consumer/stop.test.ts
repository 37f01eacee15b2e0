import { defineConsumer, effect, type Handler } from '@hookline/consumer'
import { points, recordingTarget, testConsumer } from '@hookline/testkit'
import { describe, expect, test } from 'vitest'

const LEASE_MS = 30_000
const SHUTDOWN_MS = 15_000
const approved = points('approved', {}, '2026-03-01T10:00:01Z')
const captured = points('captured', {}, '2026-03-01T10:00:02Z')

function consumerOf(handler: Handler) {
  const on = { points: ['approved', 'captured'] }
  return defineConsumer({ name: 'test', effects: [effect({ name: 'stock', policy: 'every', on, handler })] })
}

/** A consumer whose target takes so long for the first request. */
function slow(firstMs: number) {
  const target = recordingTarget('stock')
  const tested = testConsumer(consumerOf(async (_, context) => await target.put('/stock', {}, context)))
  target.answerNext(() => tested.sleep(firstMs))
  return { target, tested }
}

describe('an instance that is told to stop', () => {
  test.each([
    ['ends what runs, and nothing of it is repeated', 'stop', [[1, 1, 'done']], 0],
    [
      'is told from one that is gone, whose work is repeated',
      'crash',
      [
        [1, 1, 'crashed'],
        [2, 2, 'done'],
      ],
      1,
    ],
  ] as const)('%s', async (_, how, calls, repeated) => {
    const { target, tested } = slow(5_000)
    await tested.deliver(approved)
    await tested.advance(1_000)
    await tested[how]()
    expect(tested.story()).toContain('instance 2 takes its place')
    await tested.advance(2 * LEASE_MS)
    expect(tested.event(approved), tested.story()).toMatchObject({ state: 'done' })
    expect(tested.calls().map(({ instance, attempt, outcome }) => [instance, attempt, outcome])).toEqual(calls)
    expect(target.repeated()).toHaveLength(repeated)
    expect(tested.count('leases_taken_over')).toBe(repeated)
  })

  test('begins nothing more: what waited, and what comes, is for the one that takes its place, at once', async () => {
    const { target, tested } = slow(5_000)
    await tested.deliver(approved)
    await tested.deliver(captured)
    await tested.stop()
    const other = points('approved', { id: 'p-2' })
    await tested.deliver(other)
    expect(tested.calls()).toMatchObject([{ instance: 1 }, { instance: 2, order: 'points:p-2', outcome: 'done' }])
    await tested.advance(7_000)
    expect(tested.event(captured), tested.story()).toMatchObject({ state: 'done' })
    expect(tested.calls().map(({ event, instance, attempt }) => [event, instance, attempt])).toEqual([
      ['approved', 1, 1],
      ['approved', 2, 1],
      ['captured', 2, 1],
    ])
    expect([target.repeated(), tested.crashes()]).toEqual([[], []])
    expect(tested.story()).toContain('instance 1 has ended')
  })

  test('waits no longer than it may, then tells its handlers, and another tries again with no lease to wait for', async () => {
    const { target, tested } = slow(SHUTDOWN_MS * 10)
    await tested.deliver(approved)
    await tested.stop()
    await tested.advance(SHUTDOWN_MS - 1)
    expect(tested.event(approved)).toMatchObject({ state: 'running' })
    await tested.advance(3_000)
    expect(tested.calls(), tested.story()).toMatchObject([
      { instance: 1, outcome: 'unknown', error: 'stock aborted' },
      { instance: 2, outcome: 'done' },
    ])
    expect(target.repeated()).toEqual([target.requests])
  })

  test('is gone with a handler that does not listen, which asks for nothing more', async () => {
    const target = recordingTarget('stock')
    const tested = testConsumer(
      consumerOf(async (_, context) => {
        if (context.attempt === 1) await tested.sleep(SHUTDOWN_MS + 5_000)
        await target.put('/stock', {}, context)
      }),
    )
    await tested.deliver(approved)
    await tested.stop()
    await tested.advance(3 * LEASE_MS)
    expect(tested.event(approved)).toMatchObject({ state: 'done' })
    expect(tested.calls()).toMatchObject([{ outcome: 'crashed' }, { instance: 2, outcome: 'done' }])
    expect(target.requests).toHaveLength(1)
  })

  test('is the one that is named, and one that runs', async () => {
    const tested = testConsumer(
      consumerOf(async () => {}),
      { instances: 2 },
    )
    await tested.stop(2)
    await expect(tested.stop(2)).rejects.toThrow('no instance 2 runs: 1, 3 do')
    await tested.deliver(approved, points('approved', { id: 'p-2' }))
    expect(tested.calls().map(({ instance }) => instance)).toEqual([1, 3])
  })
})
