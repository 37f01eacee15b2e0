import { describe, expect, test } from 'vitest'
import { progress, settle } from '../src/index.ts'
import {
  dead,
  DONE,
  end,
  entry,
  EVERY,
  floor,
  LATEST,
  order,
  OUTAGE,
  outcomes,
  owned,
  TOKEN,
  UNKNOWN,
} from './sample.ts'

const BOTH = [LATEST, EVERY]
const SENT = { mail: 'sent' }

describe('an effect that is done before its entry is', () => {
  test('leaves its entry and raises its floor, with what it returned', () => {
    const before = owned([entry(1, { effects: BOTH }), entry(2)])
    expect(progress(before, { id: 'e1', effect: 'order', state: SENT }, TOKEN)).toEqual({
      ...before,
      rev: 8,
      floors: { order: floor(1, { state: SENT }) },
      lane: [{ ...entry(1, { effects: [EVERY] }), begun: true }, before.lane[1]],
    })
  })

  test('is in the planned floors too, where there are any: a release writes them', () => {
    const before = owned([entry(1), entry(2)], { planned: { order: floor(2) } })
    const after = progress(before, { id: 'e1', effect: 'order', state: SENT }, TOKEN)
    expect(after).toMatchObject({ planned: { order: floor(2, { state: SENT }) } })
  })

  test('plans nothing anew where somebody added to the lane', () => {
    const before = owned([entry(1)], { lane: [{ ...entry(1), begun: true }, entry(2)] })
    expect(progress(before, { id: 'e1', effect: 'order' }, TOKEN)).not.toHaveProperty('planned')
  })

  test('is lost where the order is somebody else’s', () => {
    expect(progress(owned([entry(1)]), { id: 'e1', effect: 'order' }, 'another')).toBe('lost')
    expect(progress(order({ lane: [entry(1)] }), { id: 'e1', effect: 'order' }, TOKEN)).toBe('lost')
  })

  test('is stored where an earlier write of it had no answer', () => {
    const done = { id: 'e1', effect: 'order', state: SENT }
    const once = progress(owned([entry(1, { effects: BOTH })]), done, TOKEN)
    if (typeof once === 'string') throw new Error(once)
    expect(progress(once, done, TOKEN)).toBe('stored')
    expect(progress(owned([entry(2)]), done, TOKEN)).toBe('stored')
  })

  test('does not touch what is dead', () => {
    const before = owned([entry(2)], { dead: [dead(1, 'permanent')] })
    expect(progress(before, { id: 'e2', effect: 'order' }, TOKEN)).toMatchObject({ dead: before.dead })
  })
})

describe('an entry of which all effects have left', () => {
  const bare = owned([entry(1, { effects: [] })])

  test('leaves when its run knew that it was over', () => {
    expect(settle(bare, outcomes({ e1: { order: DONE } }), end())?.lane).toEqual([])
  })

  test('stays where its run did not know: the inbox was not told', () => {
    expect(settle(bare, outcomes({ e1: { order: OUTAGE } }), end())?.lane).toHaveLength(1)
    expect(settle(bare, outcomes({ e1: { order: UNKNOWN } }), end())?.lane).toHaveLength(1)
  })
})
