import { points, recordingTarget, shuffled, testConsumer } from '@hookline/testkit'
import { expect, test } from 'vitest'
import { newConsumer } from '../src/new-consumer.ts'

const authorized = points('authorized', {}, '2026-03-01T10:00:00Z')
const approved = points('approved', { total_price: 250 }, '2026-03-01T10:01:00Z')
const completed = points('completed', {}, '2026-03-01T10:02:00Z')

/** The service, and its target, where every request counts, also one that repeats a key. */
function recording() {
  const target = recordingTarget()
  const clients = { 'new-consumer': target }
  return { target, service: () => newConsumer.with(clients) }
}

test.each([1, 2, 3, 4])('an approval is sent once, in whatever order and number events come (%i)', async seed => {
  const { target, service } = recording()
  const tested = testConsumer(service, { instances: 2 })
  await tested.deliver(...shuffled([authorized, approved, approved, approved, completed, completed], seed))
  expect(target.requests, tested.story()).toMatchObject([{ path: '/orders/p-1/approval', json: { total: 250 } }])
  expect(tested.event(approved)).toMatchObject({ state: 'done' })
})

test('what a lost instance may have sent is sent again under the same key, with the same bytes', async () => {
  const { target, service } = recording()
  const tested = testConsumer(service)
  tested.crashAt('effect_ended')
  await tested.deliver(approved)
  await tested.advance(31_000) // its lease runs out after 30 s
  expect(tested.crashes(), tested.story()).toHaveLength(1)
  const [same = []] = target.repeated()
  expect(same, tested.story()).toHaveLength(target.requests.length)
  expect(new Set(same.map(({ body }) => body)).size, tested.story()).toBe(1)
})
