import { describe, expect, test } from 'vitest'
import { arrive, type OrderRecord, unseen } from '../src/index.ts'
import { at, dead, entry, EVERY, floor, ids, LATEST, NOW, order, owned, PART, POLICY, step, TOKEN } from './sample.ts'

describe('the first events of an order', () => {
  test('are claimed and planned at once', () => {
    expect(arrive(unseen(false), [entry(2), entry(1, { effects: [PART, EVERY] })], step())).toEqual({
      rev: 1,
      known: true,
      last_webhook_at: at(2),
      floors: {},
      lane: [entry(2, { begun: true }), entry(1, { effects: [PART, EVERY], begun: true })],
      dead: [],
      owner: TOKEN,
      wake_at: NOW + POLICY.leaseMs,
      planned: { order: floor(2), 'shipping/f1': floor(1) },
    } satisfies OrderRecord)
  })

  test('are parked until their limit where the order needs to be known', () => {
    const since = NOW - 5_000
    expect(arrive(unseen(true), [entry(1, { since })], step())).toEqual({
      rev: 1,
      known: false,
      last_webhook_at: at(1),
      floors: {},
      lane: [entry(1, { since })],
      dead: [],
      wake_at: since + POLICY.parkMaxMs,
    } satisfies OrderRecord)
  })

  test('run where one of them makes the order known', () => {
    const after = arrive(unseen(true), [entry(1), entry(2, { creating: true })], step())
    expect(after?.owner).toBe(TOKEN)
    expect(after?.known).toBe(false)
    expect(after?.lane.every(({ begun }) => begun)).toBe(true)
  })
})

describe('an event that arrives', () => {
  test('and is in the lane already changes nothing', () => {
    expect(arrive(order({ lane: [entry(1)], wake_at: NOW + 1 }), [entry(1)], step())).toBeUndefined()
  })

  test('and is dead already changes nothing', () => {
    expect(arrive(order({ dead: [dead(1, 'permanent')] }), [entry(1)], step())).toBeUndefined()
  })

  test('with one that is here already is added alone', () => {
    const after = arrive(order({ dead: [dead(1, 'permanent')] }), [entry(1), entry(2)], step())
    expect(ids(after?.lane)).toEqual(['e2'])
    expect(ids(after?.dead)).toEqual(['e1'])
  })

  test('raises the newest time of the order, and an older one does not lower it', () => {
    expect(arrive(order({ last_webhook_at: at(5) }), [entry(9)], step())?.last_webhook_at).toBe(at(9))
    expect(arrive(order({ last_webhook_at: at(5) }), [entry(1)], step())?.last_webhook_at).toBe(at(5))
  })

  test('at an owned order is left to its owner, whose plan ends', () => {
    const before = owned([entry(1)], { owner: 'another', planned: { order: floor(1) } })
    const { planned: _, ...unplanned } = before
    const expected = { ...unplanned, rev: before.rev + 1, last_webhook_at: at(2), lane: [...before.lane, entry(2)] }
    expect(arrive(before, [entry(2)], step())).toStrictEqual(expected)
  })

  test('at an order that backs off waits with it', () => {
    const before = order({ lane: [entry(1, { tries: 3 })], wake_at: NOW + 60_000 })
    expect(arrive(before, [entry(2)], step())).toEqual({
      ...before,
      rev: before.rev + 1,
      last_webhook_at: at(2),
      lane: [entry(1, { tries: 3 }), entry(2)],
    })
  })

  test('and makes a parked order known runs with all of its lane', () => {
    const before = order({ known: false, lane: [entry(2)], wake_at: NOW + 60_000 })
    const after = arrive(before, [entry(1, { creating: true })], step())
    expect(after?.owner).toBe(TOKEN)
    expect(after?.wake_at).toBe(NOW + POLICY.leaseMs)
    expect(after?.planned).toEqual({ order: floor(2) })
  })

  test('at a parked order does not move its limit', () => {
    const before = order({ known: false, lane: [entry(2, { since: NOW - 9 })], wake_at: NOW - 9 + POLICY.parkMaxMs })
    const after = arrive(before, [entry(3)], step())
    expect(after?.owner).toBeUndefined()
    expect(after?.wake_at).toBe(NOW - 9 + POLICY.parkMaxMs)
  })

  test('at a held order waits for a person', () => {
    const after = arrive(order({ dead: [dead(1, 'used_up', { unsure: true })] }), [entry(2)], step())
    expect(ids(after?.lane)).toEqual(['e2'])
    expect(after?.owner).toBeUndefined()
    expect(after?.wake_at).toBeUndefined()
  })

  test('raises the planned floors from those there are, also where it is older', () => {
    const after = arrive(order({ floors: { order: floor(9), 'shipping/f1': floor(1) } }), [entry(5)], step())
    expect(after?.planned).toEqual({ order: floor(9), 'shipping/f1': floor(1) })
  })

  test('at an order with an unsure entry does not begin with it', () => {
    // nobody owns it and its back-off is over: the scheduler comes next
    const before = order({ lane: [entry(1, { unsure: true })], wake_at: NOW - 1 })
    expect(arrive(before, [entry(2)], step())?.owner).toBeUndefined()
  })
})

describe('a full lane', () => {
  const policy = { laneCap: 2 }

  test('takes what fits, and the rest is dead', () => {
    const after = arrive(order({ dead: [dead(9, 'permanent')] }), [entry(1), entry(2), entry(3)], step({ policy }))
    expect(ids(after?.lane)).toEqual(['e1', 'e2'])
    expect(after?.dead).toEqual([dead(9, 'permanent'), dead(3, 'lane_full', { dead_at: NOW })])
  })

  test('that a redrive made longer than it may be takes nothing', () => {
    const lane = [entry(1), entry(2), entry(3)]
    const after = arrive(order({ lane, wake_at: NOW + 1 }), [entry(4), entry(5)], step({ policy }))
    expect(ids(after?.lane)).toEqual(['e1', 'e2', 'e3'])
    expect(ids(after?.dead)).toEqual(['e4', 'e5'])
  })

  test('of an owner ends its plan all the same: what is dead may hold the order', () => {
    const before = owned([entry(1), entry(2)], { planned: { order: floor(2) } })
    const late = entry(3, { effects: [{ ...LATEST, hold: true }] })
    const after = arrive(before, [late], step({ policy, token: 'another' }))
    expect(after?.owner).toBe(TOKEN)
    expect(after?.planned).toBeUndefined()
  })
})
