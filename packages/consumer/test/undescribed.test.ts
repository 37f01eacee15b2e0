import { defineConsumer } from '@hookline/consumer'
import { undescribed } from '@hookline/consumer/loop'
import { expect, test } from 'vitest'

function told(on: Readonly<Record<string, readonly string[]>>) {
  return undescribed(
    defineConsumer({ name: 'crm', effects: [{ name: 'note', policy: 'every', on, handler: async () => {} }] }),
  )
}

test('an event that no catalogue describes is told, as it may be mistyped', () => {
  expect(told({ points: ['approved', 'aproved'] })).toEqual([{ effect: 'note', source: 'points', event: 'aproved' }])
})

test('so is a source of which nothing is known', () => {
  expect(told({ pionts: ['*'] })).toEqual([{ effect: 'note', source: 'pionts' }])
})

test('what is described and what is a pattern is not', () => {
  expect(told({ points: ['*'], hc: ['order.*', 'order.paid', 'subscription.*'] })).toEqual([])
})
