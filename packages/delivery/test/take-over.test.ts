import { describe, expect, test } from 'vitest'
import { takeOver } from '../src/index.ts'
import { dead, entry, EVERY, floor, ids, LATEST, NOW, order, owned, PART, POLICY, step } from './sample.ts'

const NEW_TOKEN = 'token-2'
const NONE: ReadonlySet<string> = new Set()
const due = step({ token: NEW_TOKEN })

describe('an order is taken over', () => {
  test('not before its time', () => {
    expect(takeOver(owned([entry(1)], { wake_at: NOW + 1 }), NONE, due)).toBeUndefined()
    expect(takeOver(order({ lane: [entry(1)], wake_at: NOW + 1 }), NONE, due)).toBeUndefined()
  })

  test('from its time on', () => {
    expect(takeOver(owned([entry(1)], { wake_at: NOW }), NONE, due)?.owner).toBe(NEW_TOKEN)
  })

  test('never where nothing waits', () => {
    expect(takeOver(order(), NONE, due)).toBeUndefined()
  })
})

describe('when a lease ran out', () => {
  test('what was begun is unsure, counts a lost lease and runs alone; what was not is as it was', () => {
    const before = owned([entry(1), entry(2)], { wake_at: NOW, planned: { order: floor(2) } })
    const after = takeOver({ ...before, lane: [...before.lane, entry(3)] }, NONE, due)
    expect(after).toStrictEqual({
      rev: before.rev + 1,
      known: true,
      last_webhook_at: '',
      floors: {},
      lane: [
        entry(1, { lost_leases: 1, unsure: true, begun: true }),
        entry(2, { lost_leases: 1, unsure: true }),
        entry(3),
      ],
      dead: [],
      owner: NEW_TOKEN,
      wake_at: NOW + POLICY.leaseMs,
    })
  })

  test('the only entry is planned', () => {
    const after = takeOver(owned([entry(1)], { wake_at: NOW }), NONE, due)
    expect(after?.planned).toEqual({ order: floor(1) })
  })

  test('what the inbox says is over leaves and raises its floors', () => {
    const before = owned([entry(1, { effects: [LATEST, PART, EVERY] }), entry(2)], { wake_at: NOW })
    const after = takeOver(before, new Set(['e1']), due)
    expect(after?.floors).toEqual({ order: floor(1), 'shipping/f1': floor(1) })
    expect(ids(after?.lane)).toEqual(['e2'])
    expect(after?.dead).toEqual([])
  })

  test('what is over but below its floor does not lower it', () => {
    const before = owned([entry(1)], { wake_at: NOW, floors: { order: floor(5) } })
    expect(takeOver(before, new Set(['e1']), due)?.floors).toEqual({ order: floor(5) })
  })

  test('a creating event that is over makes the order known, and what waited runs', () => {
    const before = owned([entry(1, { creating: true })], { known: false, wake_at: NOW })
    const after = takeOver({ ...before, lane: [...before.lane, entry(2)] }, new Set(['e1']), due)
    expect(after?.known).toBe(true)
    expect(after?.lane).toEqual([entry(2, { begun: true })])
  })

  test('an order of which all is over is free and sleeps', () => {
    const before = owned([entry(1), entry(2)], { wake_at: NOW })
    expect(takeOver(before, new Set(['e1', 'e2']), due)).toStrictEqual({
      rev: before.rev + 1,
      known: true,
      last_webhook_at: '',
      floors: { order: floor(2) },
      lane: [],
      dead: [],
    })
  })
})

describe('an event that loses its lease again and again', () => {
  test('is tried until it lost five of them', () => {
    const after = takeOver(owned([entry(1, { lost_leases: 3, unsure: true })], { wake_at: NOW }), NONE, due)
    expect(after?.lane).toEqual([entry(1, { lost_leases: 4, unsure: true, begun: true })])
    expect(after?.dead).toEqual([])
  })

  test('kills its worker: at the fifth it is dead', () => {
    const after = takeOver(owned([entry(1, { lost_leases: 4, unsure: true })], { wake_at: NOW }), NONE, due)
    expect(after?.lane).toEqual([])
    expect(after?.dead).toEqual([dead(1, 'kills_its_worker', { lost_leases: 5, unsure: true, dead_at: NOW })])
  })

  test('holds the others where it may have executed a snapshot', () => {
    const poison = entry(1, { lost_leases: 4, unsure: true })
    const before = owned([poison], { wake_at: NOW })
    const after = takeOver({ ...before, lane: [...before.lane, entry(2)] }, NONE, due)
    expect(after?.owner).toBeUndefined()
    expect(after?.wake_at).toBeUndefined()
    expect(after?.lane).toEqual([entry(2)])
  })

  test('lets the others run where its effect is a fact', () => {
    const poison = entry(1, { lost_leases: 4, unsure: true, effects: [EVERY] })
    const before = owned([poison], { wake_at: NOW })
    const after = takeOver({ ...before, lane: [...before.lane, entry(2)] }, NONE, due)
    expect(after?.lane).toEqual([entry(2, { begun: true })])
  })
})

describe('when a back-off is over', () => {
  test('the lane runs again and no lease was lost', () => {
    const lane = [entry(1, { tries: 3, unsure: true }), entry(2)]
    const after = takeOver(order({ lane, wake_at: NOW }), NONE, due)
    expect(after?.lane).toEqual([entry(1, { tries: 3, unsure: true, begun: true }), entry(2)])
    expect(after?.owner).toBe(NEW_TOKEN)
  })

  test('what the inbox says is over leaves, begun or not', () => {
    const after = takeOver(order({ lane: [entry(1), entry(2)], wake_at: NOW }), new Set(['e1']), due)
    expect(ids(after?.lane)).toEqual(['e2'])
    expect(after?.planned).toEqual({ order: floor(2) })
  })
})
