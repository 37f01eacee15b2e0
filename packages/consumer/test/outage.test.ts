import { defineConsumer, effect, type Handler, Outage, Unknown } from '@hookline/consumer'
import { expect, test } from 'vitest'
import { pointsEvent, world } from './harness.ts'

const MINUTE_MS = 60_000
/** What an outage costs of it would be over long before the outage is. */
const settings = { deadAfterMs: 10 * MINUTE_MS, backOff: { minMs: 1_000, maxMs: 60_000 }, outageBackOffMaxMs: 30_000 }

test('an outage of an hour uses up no attempt and makes nothing dead, and afterwards every order goes on in its order', async () => {
  const w = world()
  const asked = new Map<string, string[]>()
  let isDown = true
  const handler: Handler = async ({ order_id: order, event }) => {
    if (isDown) throw new Outage('the breaker is open', { retryAfterMs: 5_000 })
    asked.set(order, [...(asked.get(order) ?? []), event])
  }
  const instance = w.start(consumerOf(handler), settings)
  const orders = Array.from({ length: 8 }, (_, n) => `order-${n}`)
  const events = ['authorized', 'captured', 'completed']
  for (const [n, event] of events.entries()) {
    await instance.deliver(...orders.map(id => pointsEvent(event, n, { id })))
  }
  for (let minute = 0; minute < 60; minute += 1) {
    await w.advance(MINUTE_MS)
    const records = [...w.orders.records().values()]
    expect(records.flatMap(({ lane }) => lane.map(({ tries }) => tries))).toEqual(
      Array.from({ length: 3 * orders.length }, () => 0),
    )
    expect(records.flatMap(({ dead }) => dead)).toEqual([])
  }
  expect(instance.count('effects order outage')).toBeGreaterThan(60 * orders.length)
  isDown = false
  await w.advance(settings.outageBackOffMaxMs + 1_000) // and until the scheduler looks
  expect([...asked.values()]).toEqual(orders.map(() => events))
  expect(w.inbox.events().every(({ state }) => state === 'done')).toBe(true)
})

test('the attempts of before an outage are neither more nor fewer after it', async () => {
  const w = world()
  let calls = 0
  const handler: Handler = async () => {
    calls += 1
    if (calls <= 2) throw new Unknown('a time-out')
    throw new Outage('the breaker is open', { retryAfterMs: 5_000 })
  }
  const instance = w.start(consumerOf(handler), settings)
  await instance.deliver(pointsEvent('approved', 1))
  await w.advance(60 * MINUTE_MS)
  expect(calls).toBeGreaterThan(60)
  expect(w.order('points:order-1')).toMatchObject({ lane: [{ tries: 2, unsure: true }], dead: [] })
})

function consumerOf(handler: Handler) {
  return defineConsumer({
    name: 'test',
    effects: [effect({ name: 'order', policy: 'latest', on: { points: ['*'] }, handler })],
  })
}
