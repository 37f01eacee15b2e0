import { describe, expect, test } from 'vitest'
import { redrive } from '../src/index.ts'
import { dead, entry, EVERY, floor, ids, NOW, order, owned } from './sample.ts'

describe('a redrive', () => {
  test('gives the chosen dead back to the lane, afresh, and wakes the order', () => {
    const used = dead(1, 'used_up', {
      since: 1,
      first_tried_at: 2,
      tried_ms: 3,
      tries: 400,
      lost_leases: 2,
      last_error: 'status 503',
    })
    const before = order({ lane: [entry(3)], dead: [used, dead(2, 'permanent')], wake_at: NOW + 9 })
    expect(redrive(before, new Set(['e1']), { now: NOW })).toStrictEqual({
      ...before,
      rev: before.rev + 1,
      lane: [entry(3), entry(1, { last_error: 'status 503' })],
      dead: [dead(2, 'permanent')],
      wake_at: NOW,
    })
  })

  test('leaves what the target answered behind', () => {
    const refused = dead(1, 'permanent', { answer: 'no such product' })
    const after = redrive(order({ dead: [refused] }), new Set(['e1']), { now: NOW })
    expect(after?.lane).toStrictEqual([entry(1)])
  })

  test('leaves unsure what was unsure', () => {
    const unsure = dead(1, 'kills_its_worker', { unsure: true })
    const after = redrive(order({ dead: [unsure] }), new Set(['e1']), { now: NOW })
    expect(after?.lane).toEqual([entry(1, { unsure: true })])
  })

  test('keeps the effects that are left', () => {
    const half = dead(1, 'permanent', { effects: [EVERY] })
    expect(redrive(order({ dead: [half] }), new Set(['e1']), { now: NOW })?.lane[0]?.effects).toEqual([EVERY])
  })

  test('of an event after a terminal one is a person letting it pass', () => {
    const after = redrive(order({ dead: [dead(1, 'after_terminal')] }), new Set(['e1']), { now: NOW })
    expect(after?.lane).toEqual([entry(1, { released_by_person: true })])
  })

  test('for any other reason lets nothing pass a terminal event', () => {
    const after = redrive(order({ dead: [dead(1, 'permanent')] }), new Set(['e1']), { now: NOW })
    expect(after?.lane[0]?.released_by_person).toBeUndefined()
  })

  test('does not take back that a person let it pass', () => {
    const again = dead(1, 'permanent', { released_by_person: true })
    const after = redrive(order({ dead: [again] }), new Set(['e1']), { now: NOW })
    expect(after?.lane[0]?.released_by_person).toBe(true)
  })

  test('at an owned order leaves the lease, and its plan ends', () => {
    const before = owned([entry(2)], { dead: [dead(1, 'permanent')], planned: { order: floor(2) } })
    const after = redrive(before, new Set(['e1']), { now: NOW })
    expect(after?.owner).toBe(before.owner)
    expect(after?.wake_at).toBe(before.wake_at)
    expect(after && 'planned' in after).toBe(false)
    expect(ids(after?.lane)).toEqual(['e2', 'e1'])
  })

  test('without the prerequisite makes the order known, otherwise leaves that as it is', () => {
    const before = order({ known: false, dead: [dead(1, 'prerequisite_never_arrived')] })
    expect(redrive(before, new Set(['e1']), { now: NOW })?.known).toBe(false)
    expect(redrive(before, new Set(['e1']), { now: NOW, withoutPrerequisite: true })?.known).toBe(true)
    expect(redrive({ ...before, known: true }, new Set(['e1']), { now: NOW })?.known).toBe(true)
  })

  test('of what is not dead changes nothing', () => {
    const before = order({ lane: [entry(1)], wake_at: NOW, dead: [dead(2, 'permanent')] })
    expect(redrive(before, new Set(['e1', 'e9']), { now: NOW, withoutPrerequisite: true })).toBeUndefined()
  })
})
