import { decodeRecord, encodeRecord, identityOf } from '@hookline/contracts'
import { seededRandom } from '@hookline/local'
import { expect, test } from 'vitest'
import { copiedEvents, lives, orderIdOf } from '../src/records/copies.ts'

const NOW = Date.UTC(2026, 2, 1, 10)

test('copied events are different, readable as records, and each order has its life from its oldest event to its newest', () => {
  const random = seededRandom(1)
  const all = lives(random, NOW)
  const next = copiedEvents(all, 500, random)
  const arrived = [...next(10_000), ...next(20_000)]
  expect(new Set(arrived.map(identityOf)).size).toBe(30_000)
  const some = arrived.slice(0, 500)
  expect(some.map(event => decodeRecord(encodeRecord(event).value))).toEqual(some)
  const orders = Map.groupBy(arrived, ({ order_id }) => order_id)
  for (let n = 500; n < 600; n++) {
    const seen = orders.get(orderIdOf(n))?.map(({ version }) => version)
    expect(seen).toEqual(all[n % all.length]?.map(({ version }) => version))
    expect(seen).toEqual(seen?.toSorted())
  }
})

test('the ids of orders are different, and as long as those of Points', () => {
  const ids = Array.from({ length: 100_000 }, (_, n) => orderIdOf(n))
  expect(new Set(ids).size).toBe(100_000)
  expect(new Set(ids.map(({ length }) => length))).toEqual(new Set([36]))
})
