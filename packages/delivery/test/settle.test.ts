import { describe, expect, test } from 'vitest'
import { settle } from '../src/index.ts'
import {
  DONE,
  entry,
  EVERY,
  floor,
  ids,
  LATEST,
  NOW,
  order,
  outcomes,
  owned,
  PART,
  PERMANENT,
  POLICY,
  RETRY,
  STALE,
  step,
  TOKEN,
} from './sample.ts'

describe('a claim that was lost', () => {
  test('settles nothing: its owner is somebody else', () => {
    expect(settle(owned([entry(1)], { owner: 'another' }), outcomes({ e1: { order: DONE } }), step())).toBeUndefined()
  })

  test('settles nothing: nobody owns the order', () => {
    expect(settle(order({ lane: [entry(1)] }), outcomes({ e1: { order: DONE } }), step())).toBeUndefined()
  })
})

describe('an entry of which all effects are finished', () => {
  test('leaves, its floors rise and the order is free', () => {
    expect(
      settle(owned([entry(1, { effects: [LATEST, EVERY] })]), outcomes({ e1: { order: DONE, entry: DONE } }), step()),
    ).toStrictEqual({
      rev: 8,
      known: true,
      last_webhook_at: '',
      floors: { order: floor(1) },
      lane: [],
      dead: [],
    })
  })

  test('raises no floor where it was stale', () => {
    const before = owned([entry(1, { effects: [LATEST, PART] })], { floors: { order: floor(5) } })
    const after = settle(before, outcomes({ e1: { order: STALE, shipping: DONE } }), step())
    expect(after?.floors).toEqual({ order: floor(5), 'shipping/f1': floor(1) })
    expect(after?.lane).toEqual([])
  })

  test('makes the order known where it is the creating one', () => {
    const before = owned([entry(1, { creating: true })], { known: false })
    expect(settle(before, outcomes({ e1: { order: DONE } }), step())?.known).toBe(true)
  })

  test('makes the order known where it has no effect here', () => {
    const before = owned([entry(1, { creating: true, effects: [] })], { known: false })
    const after = settle(before, outcomes({ e1: {} }), step())
    expect(after?.known).toBe(true)
    expect(after?.lane).toEqual([])
  })

  test('makes nothing known where it is not the creating one', () => {
    const before = owned([entry(1, { effects: [EVERY] })], { known: false })
    expect(settle(before, outcomes({ e1: { entry: DONE } }), step())?.known).toBe(false)
  })
})

describe('an entry that was not reached', () => {
  test('is not begun any more, keeps all it had, and the claim goes on with it', () => {
    const before = owned([entry(1), entry(2, { tries: 2, last_error: 'status 503' })])
    const after = settle(before, outcomes({ e1: { order: DONE } }), step())
    expect(after).toStrictEqual({
      ...before,
      rev: before.rev + 1,
      floors: { order: floor(1) },
      lane: [entry(2, { tries: 2, last_error: 'status 503', begun: true })],
      planned: { order: floor(2) },
    })
  })

  test('waits with the one that backs off', () => {
    const after = settle(owned([entry(1), entry(2)]), outcomes({ e1: { order: RETRY } }), step())
    expect(ids(after?.lane)).toEqual(['e1', 'e2'])
    expect(after?.lane.some(({ begun }) => begun)).toBe(false)
    expect(after?.owner).toBeUndefined()
    expect(after?.planned).toBeUndefined()
  })

  test('and came meanwhile runs next, under the same token', () => {
    const before = owned([entry(1)])
    const after = settle({ ...before, lane: [...before.lane, entry(2)] }, outcomes({ e1: { order: DONE } }), step())
    expect(after?.lane).toEqual([entry(2, { begun: true })])
    expect(after?.owner).toBe(TOKEN)
  })

  test('is parked where what makes the order known is dead', () => {
    const before = owned([entry(1, { creating: true }), entry(2)], { known: false })
    const after = settle(before, outcomes({ e1: { order: PERMANENT } }), step())
    expect(ids(after?.dead)).toEqual(['e1'])
    expect(after?.lane).toEqual([entry(2)])
    expect(after?.owner).toBeUndefined()
    expect(after?.wake_at).toBe(NOW + POLICY.parkMaxMs)
  })
})
