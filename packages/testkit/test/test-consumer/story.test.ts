import { defineConsumer, effect, Retryable } from '@hookline/consumer'
import { hc, points, testConsumer } from '@hookline/testkit'
import { expect, test } from 'vitest'

test('a story tells what happened, in its order, and how everything stands', async () => {
  const stock = effect({
    name: 'stock',
    policy: 'latest',
    on: { points: ['approved', 'captured'], hc: ['order.paid'] },
    handler: async ({ event }, { attempt }) => {
      if (event === 'captured' && attempt === 1) throw new Retryable('status 503')
      return { state: { last: event }, ...(event === 'captured' && { note: 'late' }) }
    },
  })
  const tested = testConsumer(defineConsumer({ name: 'stock', effects: [stock], notes: ['late'] }))
  tested.crashAt('effect_ended')
  await tested.deliver(points('approved'))
  await tested.deliver(hc('order.paid', { id: 'h-1' }))
  await tested.advance(40_000)
  await tested.deliver(points('captured', {}, '2026-03-01T10:00:01Z'))
  await tested.advance(500)
  expect(tested.story()).toMatchInlineSnapshot(`
    "stock after 40.500 s
         0.000 s  points:p-1 approved comes to instance 1
         0.000 s  instance 1 calls stock for points:p-1 approved, attempt 1: done
         0.000 s  instance 1 is gone at effect_ended, instance 2 takes its place
         0.000 s  hc:h-1 order.paid comes to instance 2
        30.000 s  instance 2 warns: a lease ran out: its order is taken over
        30.000 s  instance 2 calls stock for points:p-1 approved, attempt 2: done
        40.000 s  points:p-1 captured comes to instance 2
        40.000 s  instance 2 calls stock for points:p-1 captured, attempt 1: retryable (status 503)
    events
      points:p-1 approved of 2026-03-01T10:00:00.000Z: done
      hc:h-1 order.paid of 2026-03-01T10:00:00.000Z: parked, waits for order.created, next at 2026-03-02T10:00:00.000Z
      points:p-1 captured of 2026-03-01T10:00:01.000Z: retrying, status 503, next at 2026-03-01T10:00:40.750Z
    orders
      points:p-1: known; stock is at 2026-03-01T10:00:00.000Z keeps {"last":"approved"}
      hc:h-1: not known"
  `)
})
