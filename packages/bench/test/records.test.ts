import { decodeRecord, encodeRecord, identityOf } from '@hookline/contracts'
import { seededRandom } from '@hookline/local'
import { expect, test } from 'vitest'
import { pointsEvents } from '../src/records/points-orders.ts'
import { repeated } from '../src/records/repeats.ts'
import { skewedEvents } from '../src/records/skewed-orders.ts'
import { zipf } from '../src/records/zipf.ts'

const NOW = Date.UTC(2026, 2, 1, 10)

test.each([
  ['lifelike orders', pointsEvents],
  ['skewed orders', skewedEvents],
])(
  '%s: all events are different, readable as records, and those of one order arrive from its oldest to its newest',
  (_, events) => {
    const arrived = events(3_000, seededRandom(1), NOW)
    expect(new Set(arrived.map(identityOf)).size).toBe(3_000)
    expect(arrived.map(event => decodeRecord(encodeRecord(event).value))).toEqual(arrived)
    for (const ofOrder of Map.groupBy(arrived, ({ order_id }) => order_id).values()) {
      const versions = ofOrder.map(({ version }) => version)
      expect(versions).toEqual(versions.toSorted())
    }
  },
)

test('two rounds of one chance have no order in common', () => {
  const random = seededRandom(1)
  const rounds = [1, 2].map(() => new Set(pointsEvents(2_000, random, NOW).map(({ order_id }) => order_id)))
  expect(new Set(rounds.flatMap(orders => [...orders])).size).toBe(rounds.reduce((sum, { size }) => sum + size, 0))
})

test('each repeat comes after what it repeats, not far from it, and the first ones stay in their order', () => {
  const all = Array.from({ length: 2_000 }, (_, n) => n)
  const sent = repeated(all, seededRandom(1))
  expect(sent.toSorted((a, b) => a - b)).toEqual(all.flatMap(n => [n, n]))
  expect([...new Set(sent)]).toEqual(all)
  const gaps = all.map(n => sent.lastIndexOf(n) - sent.indexOf(n))
  expect(Math.max(...gaps)).toBeLessThan(1_100)
})

test('numbers are drawn as often as Zipf says', () => {
  const draws = 200_000
  const draw = zipf(1.1, seededRandom(1))
  const drawn = Array.from({ length: draws }, draw)
  const zeta = 10.58444846495
  for (const n of [1, 2, 10, 100]) {
    const probability = n ** -1.1 / zeta
    const deviation = Math.sqrt(draws * probability * (1 - probability))
    expect(Math.abs(drawn.filter(one => one === n).length - draws * probability)).toBeLessThan(5 * deviation)
  }
  expect(drawn.every(n => n >= 1 && n % 1 === 0)).toBe(true)
})
