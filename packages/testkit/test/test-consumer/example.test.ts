import { defineConsumer, type Effect, effect, Unknown } from '@hookline/consumer'
import { http, httpPath, type HttpTarget } from '@hookline/service'
import { points, recordingTarget, shuffled, testConsumer } from '@hookline/testkit'
import { expect, test } from 'vitest'

/** What an order is worth to its customer: nothing any more once it is cancelled. */
function award(api: HttpTarget): Effect {
  return effect({
    name: 'award',
    policy: 'latest',
    on: { points: ['approved', 'cancelled'] },
    terminal: ({ event }) => event === 'cancelled',
    handler: async ({ order_id, event, order }, context) => {
      const total = event === 'approved' ? order.total_price : 0
      await api.put(httpPath`/orders/${order_id}/award`, { total }, context)
    },
  })
}

const loyalty = defineConsumer({
  name: 'loyalty',
  targets: { loyalty: http() },
  effects: ({ loyalty: api }) => [award(api)],
})

const approved = points('approved', { total_price: 250 }, '2026-03-01T10:00:00Z')
const cancelled = points('cancelled', {}, '2026-03-01T10:05:00Z')

test.each([1, 2, 3, 4])('what was cancelled is never awarded, in whatever order it comes (%i)', async seed => {
  const target = recordingTarget()
  const tested = testConsumer(() => loyalty.with({ loyalty: target }), { instances: 2 })
  await tested.deliver(...shuffled([approved, approved, cancelled, cancelled], seed))
  expect(target.requests.at(-1), tested.story()).toMatchObject({ path: '/orders/p-1/award', json: { total: 0 } })
  expect(target.repeated(), tested.story()).toEqual([])
  expect(tested.event(cancelled)).toMatchObject({ state: 'done' })
})

test('a request whose answer was lost is repeated under its key, byte for byte', async () => {
  const target = recordingTarget()
  target.answerNext(() => {
    throw new Unknown('its answer was lost')
  })
  const tested = testConsumer(() => loyalty.with({ loyalty: target }))
  await tested.deliver(approved)
  await tested.advance(2_000)
  expect(target.requests, tested.story()).toHaveLength(2)
  expect(target.requests[1]).toEqual({ ...target.requests[0], attempt: 2 })
})

test('what a lost instance may have sent is sent again under the same key', async () => {
  const target = recordingTarget()
  const tested = testConsumer(() => loyalty.with({ loyalty: target }))
  tested.crashAt('effect_ended')
  await tested.deliver(approved)
  await tested.advance(31_000) // its lease runs out after 30 s
  expect(tested.crashes(), tested.story()).toHaveLength(1)
  expect(target.repeated(), tested.story()).toEqual([target.requests])
})
