import type { HttpTarget } from '@hookline/service'
import { points, shuffled, testConsumer } from '@hookline/testkit'
import { expect, test } from 'vitest'
import { newConsumer } from '../src/new-consumer.ts'

const authorized = points('authorized', {}, '2026-03-01T10:00:00Z')
const approved = points('approved', { total_price: 250 }, '2026-03-01T10:01:00Z')
const completed = points('completed', {}, '2026-03-01T10:02:00Z')

/** In place of the real target. It writes down every request: one that drops repeated keys would hide what is sent twice. */
function target() {
  const requests: { path: string; body: object; key: string }[] = []
  const put: HttpTarget['put'] = async (path, body, { effectKey }) => {
    requests.push({ path, body, key: effectKey })
  }
  const api: HttpTarget = { put, post: put, close: async () => {} }
  const clients = { 'new-consumer': api }
  return { requests, service: () => newConsumer.with(clients) }
}

test.each([1, 2, 3, 4])('an approval is sent once, in whatever order and number events come (%i)', async seed => {
  const { requests, service } = target()
  const tested = testConsumer(service, { instances: 2 })
  await tested.deliver(...shuffled([authorized, approved, approved, approved, completed, completed], seed))
  expect(requests, tested.story()).toMatchObject([{ path: '/orders/p-1/approval', body: { total: 250 } }])
  expect(tested.event(approved)).toMatchObject({ state: 'done' })
})

test('what a lost instance may have sent is sent again under the same key, with the same bytes', async () => {
  const { requests, service } = target()
  const tested = testConsumer(service)
  tested.crashAt('effect_ended')
  await tested.deliver(approved)
  await tested.advance(31_000) // its lease runs out after 30 s
  expect(tested.crashes(), tested.story()).toHaveLength(1)
  expect(requests, tested.story()).toHaveLength(2)
  expect(requests[1]).toEqual(requests[0])
})
