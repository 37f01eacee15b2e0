import { defineConsumer, effect, type Effect, Retryable } from '@hookline/consumer'
import { expect, test } from 'vitest'
import { pointsEvent, world } from './harness.ts'

const SLOW = 'points:order-1'

/** An effect whose handler ends when `finish` says so, or as its signal aborts where it listens. */
function slow({ listens }: { listens: boolean }, more: Partial<Effect> = {}) {
  const gates: PromiseWithResolvers<void>[] = []
  const signals: AbortSignal[] = []
  const consumer = defineConsumer({
    name: 'test',
    effects: [
      effect({
        name: 'order',
        policy: 'latest',
        on: { points: ['*'] },
        timeoutMs: 5_000,
        ...more,
        handler: async (_event, { signal }) => {
          const gate = Promise.withResolvers<void>()
          gates.push(gate)
          signals.push(signal)
          if (listens) signal.addEventListener('abort', () => gate.reject(signal.reason))
          await gate.promise
        },
      }),
    ],
  })
  return { consumer, signals, finish: () => gates.at(-1)?.resolve() }
}

test('a handler that takes longer than its time-out is told, and its event is tried again', async () => {
  const w = world()
  const { consumer, signals, finish } = slow({ listens: true })
  const a = w.start(consumer)
  await a.deliver(pointsEvent('approved', 1))
  await w.advance(4_999)
  expect(signals.map(({ aborted }) => aborted)).toEqual([false])
  await w.advance(2)
  expect(signals.map(({ aborted }) => aborted)).toEqual([true])
  expect(w.order(SLOW)?.lane).toMatchObject([
    { tries: 1, unsure: true, last_error: expect.stringContaining('timed out after 5000 ms') },
  ])
  await w.advance(2_000)
  expect(signals).toHaveLength(2)
  finish()
  await w.advance(1)
  expect(w.order(SLOW)?.lane).toEqual([])
})

test('one that does not listen is waited for: nothing of its order begins beside it', async () => {
  const w = world()
  const { consumer, signals, finish } = slow({ listens: false })
  const a = w.start(consumer)
  await a.deliver(pointsEvent('approved', 1))
  await w.advance(300_000)
  expect(signals.map(({ aborted }) => aborted)).toEqual([true])
  finish()
  await w.advance(2_000)
  // it came back done: what is done is not done again for having taken long
  expect(signals).toHaveLength(1)
  expect(w.order(SLOW)?.lane).toEqual([])
})

test('what the handler says itself goes before that its time was over', async () => {
  const w = world()
  const effects = [
    effect({
      name: 'order',
      policy: 'latest',
      on: { points: ['*'] },
      timeoutMs: 5_000,
      retries: { maxAttempts: 1 },
      handler: (_event, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new Retryable('the printer is busy')))
        }),
    }),
  ]
  const a = w.start(defineConsumer({ name: 'test', effects }))
  await a.deliver(pointsEvent('approved', 1))
  await w.advance(6_000)
  expect(w.order(SLOW)?.dead).toMatchObject([{ reason: 'used_up', tries: 1 }])
  expect(w.order(SLOW)?.dead[0]?.unsure).toBeUndefined()
})
