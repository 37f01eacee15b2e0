import { type Consumer, defineConsumer, effect } from '@hookline/consumer'
import { points, shuffled, testConsumer } from '@hookline/testkit'
import { expect, test } from 'vitest'

/** The stock of a shop, over whatever sends its requests. */
function stock(put: (path: string, key: string) => Promise<void>): Consumer {
  const reserve = effect({
    name: 'reserve',
    policy: 'latest',
    on: { points: ['approved', 'cancelled'] },
    terminal: ({ event }) => event === 'cancelled',
    handler: async ({ order_id, event }, { effectKey }) => {
      await put(`/${order_id}/${event === 'approved' ? 'reserve' : 'free'}`, effectKey)
    },
  })
  return defineConsumer({ name: 'stock', effects: [reserve] })
}

/** In place of the real target. It writes down every request: one that drops repeated keys would hide what is sent twice. */
function target() {
  const requests: { path: string; key: string }[] = []
  return { requests, put: async (path: string, key: string) => void requests.push({ path, key }) }
}

const approved = points('approved', {}, '2026-03-01T10:00:00Z')
const cancelled = points('cancelled', {}, '2026-03-01T10:05:00Z')

test.each([1, 2, 3, 4])('what was freed is never reserved, in whatever order it comes (%i)', async seed => {
  const { requests, put } = target()
  const tested = testConsumer(() => stock(put), { instances: 2 })
  await tested.deliver(...shuffled([approved, approved, cancelled, cancelled], seed))
  expect(requests.at(-1)?.path, tested.story()).toBe('/p-1/free')
  expect(new Set(requests.map(({ key }) => key)).size, tested.story()).toBe(requests.length)
  expect(tested.event(cancelled)).toMatchObject({ state: 'done' })
})

test('what a lost instance may have sent is sent again under the same key', async () => {
  const { requests, put } = target()
  const tested = testConsumer(() => stock(put))
  tested.crashAt('effect_ended')
  await tested.deliver(approved)
  await tested.advance(31_000) // its lease runs out after 30 s
  expect(tested.crashes(), tested.story()).toHaveLength(1)
  expect(requests, tested.story()).toHaveLength(2)
  expect(requests[0]).toEqual(requests[1])
})
