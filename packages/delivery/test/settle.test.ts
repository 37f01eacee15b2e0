import { describe, expect, test } from 'vitest'
import { settle } from '../src/index.ts'
import {
  DONE,
  end,
  entry,
  EVERY,
  floor,
  ids,
  LATEST,
  NEXT_TOKEN,
  NOW,
  order,
  outcomes,
  owned,
  PART,
  PERMANENT,
  POLICY,
  RETRY,
  STALE,
} from './sample.ts'

describe('a claim that was lost', () => {
  test('settles nothing: its owner is somebody else', () => {
    expect(settle(owned([entry(1)], { owner: 'another' }), outcomes({ e1: { order: DONE } }), end())).toBeUndefined()
  })

  test('settles nothing: nobody owns the order', () => {
    expect(settle(order({ lane: [entry(1)] }), outcomes({ e1: { order: DONE } }), end())).toBeUndefined()
  })
})

describe('an entry of which all effects are finished', () => {
  test('leaves, its floors rise and the order is free', () => {
    expect(
      settle(owned([entry(1, { effects: [LATEST, EVERY] })]), outcomes({ e1: { order: DONE, entry: DONE } }), end()),
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
    const after = settle(before, outcomes({ e1: { order: STALE, shipping: DONE } }), end())
    expect(after?.floors).toEqual({ order: floor(5), 'shipping/f1': floor(1) })
    expect(after?.lane).toEqual([])
  })

  test('makes the order known where it is the creating one', () => {
    const before = owned([entry(1, { creating: true })], { known: false })
    expect(settle(before, outcomes({ e1: { order: DONE } }), end())?.known).toBe(true)
  })

  test('makes the order known where it has no effect here', () => {
    const before = owned([entry(1, { creating: true, effects: [] })], { known: false })
    const after = settle(before, outcomes({ e1: {} }), end())
    expect(after?.known).toBe(true)
    expect(after?.lane).toEqual([])
  })

  test('makes nothing known where it is not the creating one', () => {
    const before = owned([entry(1, { effects: [EVERY] })], { known: false })
    expect(settle(before, outcomes({ e1: { entry: DONE } }), end())?.known).toBe(false)
  })
})

describe('an entry that was not reached', () => {
  test('is not begun any more, keeps all it had, and the claim goes on with it', () => {
    const before = owned([entry(1), entry(2, { tries: 2, last_error: 'status 503' })])
    const after = settle(before, outcomes({ e1: { order: DONE } }), end())
    expect(after).toStrictEqual({
      ...before,
      rev: before.rev + 1,
      floors: { order: floor(1) },
      lane: [entry(2, { tries: 2, last_error: 'status 503', begun: true })],
      owner: NEXT_TOKEN,
      planned: { order: floor(2) },
    })
  })

  test('waits with the one that backs off', () => {
    const after = settle(owned([entry(1), entry(2)]), outcomes({ e1: { order: RETRY } }), end())
    expect(ids(after?.lane)).toEqual(['e1', 'e2'])
    expect(after?.lane.some(({ begun }) => begun)).toBe(false)
    expect(after?.owner).toBeUndefined()
    expect(after?.planned).toBeUndefined()
  })

  test('and came meanwhile runs next, under a new token: a late release of this run must not match', () => {
    const before = owned([entry(1)])
    const after = settle({ ...before, lane: [...before.lane, entry(2)] }, outcomes({ e1: { order: DONE } }), end())
    expect(after?.lane).toEqual([entry(2, { begun: true })])
    expect(after?.owner).toBe(NEXT_TOKEN)
  })

  test('is due at once for somebody else where its worker ends', () => {
    const after = settle(owned([entry(1), entry(2)]), outcomes({ e1: { order: DONE } }), end({ last: true }))
    expect(after).toStrictEqual(order({ rev: 8, floors: { order: floor(1) }, lane: [entry(2)], wake_at: NOW }))
  })

  test('is parked where what makes the order known is dead', () => {
    const before = owned([entry(1, { creating: true }), entry(2)], { known: false })
    const after = settle(before, outcomes({ e1: { order: PERMANENT } }), end())
    expect(ids(after?.dead)).toEqual(['e1'])
    expect(after?.lane).toEqual([entry(2)])
    expect(after?.owner).toBeUndefined()
    expect(after?.wake_at).toBe(NOW + POLICY.parkMaxMs)
  })
})
