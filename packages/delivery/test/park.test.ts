import { describe, expect, test } from 'vitest'
import { takeOver } from '../src/index.ts'
import { dead, entry, EVERY, floor, ids, NOW, order, POLICY, step, TOKEN } from './sample.ts'

const NONE: ReadonlySet<string> = new Set()
const EXPIRED = NOW - POLICY.parkMaxMs
const WAITING = NOW - 1

describe('at the limit of a parked order', () => {
  const before = order({
    known: false,
    lane: [entry(1, { since: EXPIRED }), entry(2, { since: WAITING })],
    wake_at: NOW,
  })

  test('its whole lane runs all the same, marked, where that is declared', () => {
    expect(takeOver(before, NONE, step({ policy: { onParkExpired: 'run' } }))).toEqual({
      ...before,
      rev: before.rev + 1,
      known: true,
      prerequisite_never_arrived: true,
      lane: [entry(1, { since: EXPIRED, begun: true }), entry(2, { since: WAITING, begun: true })],
      owner: TOKEN,
      wake_at: NOW + POLICY.leaseMs,
      planned: { order: floor(2) },
    })
  })

  test('what waited too long is dead and the rest waits for its own limit, where that is declared', () => {
    expect(takeOver(before, NONE, step({ policy: { onParkExpired: 'dead' } }))).toEqual({
      ...before,
      rev: before.rev + 1,
      lane: [entry(2, { since: WAITING })],
      dead: [dead(1, 'prerequisite_never_arrived', { since: EXPIRED, dead_at: NOW })],
      wake_at: WAITING + POLICY.parkMaxMs,
    })
  })

  test('an order whose whole lane died sleeps', () => {
    const alone = { ...before, lane: [entry(1, { since: EXPIRED })] }
    const after = takeOver(alone, NONE, step({ policy: { onParkExpired: 'dead' } }))
    expect(after?.lane).toEqual([])
    expect(after?.wake_at).toBeUndefined()
    expect(after?.owner).toBeUndefined()
  })

  test('an unsure entry runs alone', () => {
    const lane = [entry(1, { since: EXPIRED }), entry(2, { since: WAITING, unsure: true })]
    const after = takeOver({ ...before, lane }, NONE, step({ policy: { onParkExpired: 'run' } }))
    expect(ids(after?.lane.filter(({ begun }) => begun))).toEqual(['e2'])
    expect(after?.planned).toBeUndefined()
  })
})

test('before its limit a parked order waits for the one of its entries that waited longest', () => {
  const before = order({
    known: false,
    lane: [entry(1, { since: NOW - 5 }), entry(2, { since: NOW - 9 })],
    wake_at: NOW,
  })
  const after = takeOver(before, NONE, step())
  expect(after).toEqual({ ...before, rev: before.rev + 1, wake_at: NOW - 9 + POLICY.parkMaxMs })
})

test('a held order does not age', () => {
  const before = order({
    known: false,
    lane: [entry(1, { since: EXPIRED })],
    dead: [dead(2, 'used_up', { unsure: true })],
    wake_at: NOW,
  })
  const after = takeOver(before, NONE, step({ policy: { onParkExpired: 'dead' } }))
  expect(ids(after?.lane)).toEqual(['e1'])
  expect(after?.wake_at).toBeUndefined()
})

test('a known order has no limit', () => {
  const before = order({ lane: [entry(1, { since: EXPIRED, effects: [EVERY] })], wake_at: NOW })
  const after = takeOver(before, NONE, step({ policy: { onParkExpired: 'dead' } }))
  expect(after?.owner).toBe(TOKEN)
  expect(after?.prerequisite_never_arrived).toBeUndefined()
})
