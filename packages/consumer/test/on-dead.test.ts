import { defineConsumer, effect, type Effect, type Handler, Permanent } from '@hookline/consumer'
import { redrive } from '@hookline/delivery'
import { expect, test } from 'vitest'
import { pointsEvent, world } from './harness.ts'

const ORDER = 'points:order-1'

/** Its target refuses `authorized` of `order-1` for good while `refuses`. */
function start(onDead: Effect['onDead']) {
  const w = world()
  const calls: string[] = []
  const target = { refuses: true }
  const entry: Handler = async ({ order_id, event }) => {
    calls.push(`${order_id} entry ${event}`)
    if (target.refuses && order_id === 'order-1' && event === 'authorized') throw new Permanent('refused')
  }
  const notice: Handler = async ({ order_id, event }) => void calls.push(`${order_id} notice ${event}`)
  const on = { points: ['*'] }
  const consumer = defineConsumer({
    name: 'test',
    effects: [
      effect({ name: 'entry', policy: 'every', on, handler: entry, ...(onDead && { onDead }) }),
      effect({ name: 'notice', policy: 'every', on, handler: notice }),
    ],
  })
  return {
    w,
    target,
    instance: w.start(consumer),
    callsOf: (order: string) => calls.filter(call => call.startsWith(order)),
  }
}

test.each(['continue', undefined] as const)('with onDead %s what comes after a dead event runs', async onDead => {
  const { w, instance, callsOf } = start(onDead)
  await instance.deliver(pointsEvent('authorized', 1), pointsEvent('captured', 2))
  await w.advance(0)
  await instance.deliver(pointsEvent('completed', 3))
  await w.advance(0)
  expect(callsOf('order-1')).toEqual([
    'order-1 entry authorized',
    'order-1 notice authorized',
    'order-1 entry captured',
    'order-1 notice captured',
    'order-1 entry completed',
    'order-1 notice completed',
  ])
  expect(w.order(ORDER)).toMatchObject({ lane: [], dead: [{ event: 'authorized', effects: [{ name: 'entry' }] }] })
})

test('with onDead hold nothing of its order passes a dead event, other orders go on, and a person lets all go on in order', async () => {
  const { w, target, instance, callsOf } = start('hold')
  await instance.deliver(pointsEvent('authorized', 1), pointsEvent('captured', 2))
  await w.advance(0)
  await instance.deliver(pointsEvent('completed', 3), pointsEvent('authorized', 1, { id: 'order-2' }))
  await w.advance(3_600_000)
  const first = ['order-1 entry authorized', 'order-1 notice authorized']
  expect(callsOf('order-1')).toEqual(first)
  expect(callsOf('order-2')).toEqual(['order-2 entry authorized', 'order-2 notice authorized'])
  const held = w.order(ORDER)
  expect(held).toMatchObject({
    lane: [{ event: 'captured' }, { event: 'completed' }],
    dead: [{ event: 'authorized', reason: 'permanent', effects: [{ name: 'entry', hold: true }] }],
  })
  expect([held?.owner, held?.wake_at]).toEqual([undefined, undefined])

  target.refuses = false
  const after = held && redrive(held, new Set(held.dead.map(({ id }) => id)), { now: w.nowMs() })
  if (!after) throw new Error('nothing to redrive')
  await w.orders.write([{ key: ORDER, before: held, after }])
  await w.advance(2_000)
  expect(callsOf('order-1').slice(first.length)).toEqual([
    'order-1 entry authorized', // its notice was sent
    'order-1 entry captured',
    'order-1 notice captured',
    'order-1 entry completed',
    'order-1 notice completed',
  ])
  expect(w.order(ORDER)).toMatchObject({ lane: [], dead: [] })
})
