import { defineConsumer, effect } from '@hookline/consumer'
import { expect, test } from 'vitest'
import { reference } from '../src/checks/expected.ts'
import { backwards, changed, executed, lost, overlapping, repeated, sharedKeys } from '../src/checks/judge.ts'
import { newOrder, type SuiteOrder } from '../src/events/order.ts'
import { recorder } from '../src/targets/recorder.ts'
import type { SeenRequest } from '../src/targets/request.ts'

const handler = async () => {}
const consumer = defineConsumer({
  name: 'judged',
  effects: [
    effect({ name: 'order', policy: 'latest', on: { points: ['approved', 'cancelled'] }, handler }),
    effect({ name: 'entry', policy: 'every', on: { points: ['refunded'] }, handler }),
  ],
})

const NAMES = ['approved', 'refunded', 'refunded', 'cancelled']

function anOrder(): SuiteOrder {
  const steps = NAMES.map((event, n) => ({ event, atSeconds: n }))
  return newOrder(consumer, { source: 'points', steps }, { cycle: 0 })
}

/** Requests for these events by their places, under these keys; each is answered with 200. */
function requests(order: SuiteOrder, ...asked: readonly (readonly [n: number, key: string])[]): readonly SeenRequest[] {
  const seen = recorder()
  seen.expect(order)
  for (const [n, key] of asked) {
    const text = `${order.id} ${order.events[n]?.event.version}`
    seen
      .begin({ target: 'erp', header: undefined, key, text, shape: 'PUT', digest: 'same' })
      .end({ kind: 'answered', status: 200 })
  }
  return seen.requests(order)
}

const IN_ORDER = [
  [0, 'a'],
  [1, 'b'],
  [2, 'c'],
  [3, 'd'],
] as const

function known(order: SuiteOrder) {
  const model = reference()
  model.learn(order, requests(order, ...IN_ORDER))
  return model
}

test('nothing is found where everything is asked for once and in order', () => {
  const order = anOrder()
  const seen = requests(order, ...IN_ORDER)
  const dues = known(order).dues(order)
  expect([lost(order, dues, seen), repeated(seen), changed(seen), backwards(seen), sharedKeys(seen)].flat()).toEqual([])
})

test('a lost fact is found, and so is a lost newest snapshot; an older snapshot is not missed', () => {
  const order = anOrder()
  const dues = known(order).dues(order)
  expect(lost(order, dues, requests(order, [1, 'b'], [3, 'd']))).toEqual(['entry of refunded was never asked for'])
  expect(lost(order, dues, requests(order, [1, 'b'], [2, 'c'], [0, 'a']))).toEqual([
    'order of cancelled was never asked for',
  ])
})

test('a service that loses the second fact of a name even when nothing goes wrong is no model', () => {
  const order = anOrder()
  const model = reference()
  model.learn(order, requests(order, [0, 'a'], [1, 'b'], [3, 'd']))
  expect(model.missingFacts(order).map(({ event }) => event.n)).toEqual([2])
  expect(known(order).missingFacts(order)).toEqual([])
})

test('a request that comes twice is found, whether its key is the same or not', () => {
  const order = anOrder()
  expect(repeated(requests(order, [0, 'a'], [0, 'a']))).toEqual(['order of approved was asked for 2 times'])
  expect(repeated(requests(order, [0, 'a'], [0, 'b']))).toEqual([
    'order of approved was asked for 2 times, under 2 keys',
  ])
})

test('a repeat that a target cannot know is found: another key, none, other bytes', () => {
  const order = anOrder()
  expect(changed(requests(order, [0, 'a'], [0, 'b']))).toEqual([
    'order of approved was asked for again under another key',
  ])
  expect(changed(requests(order, [0, ''], [0, '']))).toEqual(['order of approved was asked for again without a key'])
  const [first, second] = requests(order, [0, 'a'], [0, 'a'])
  if (first === undefined || second === undefined) throw new Error('two requests')
  expect(changed([first, { ...second, digest: 'other' }])).toEqual([
    'order of approved was asked for again with other bytes',
  ])
})

test('an older snapshot after a newer one is found, but not where the target drops it as known', () => {
  const order = anOrder()
  expect(backwards(requests(order, [3, 'd'], [0, 'a']))).toEqual([
    'order of approved was asked for after the newer cancelled',
  ])
  const again = requests(order, [0, 'a'], [3, 'd'], [0, 'a'], [3, 'd'])
  expect(backwards(again)).toHaveLength(1)
  expect(backwards(executed(again))).toEqual([])
})

test('two events under one key are found: a target would drop the second one', () => {
  const order = anOrder()
  expect(sharedKeys(requests(order, [1, 'b'], [2, 'b']))).toHaveLength(1)
})

test('requests of one order that are open at the same time are found', () => {
  const [first, second] = requests(anOrder(), [0, 'a'], [3, 'd'])
  if (first?.ended === undefined || second === undefined) throw new Error('two requests')
  expect(overlapping([first, second])).toEqual([])
  const open = { ...first, ended: { ...first.ended, atMs: second.begunMs + 1 } }
  expect(overlapping([open, second])).toEqual(['order of cancelled was asked for while order of approved was open'])
})
