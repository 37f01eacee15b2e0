import { describe, expect, test } from 'vitest'
import { holds, isHeld, plan } from '../src/index.ts'
import { dead, entry, EVERY, ids, LATEST, order } from './sample.ts'

const HOLDING = { ...EVERY, hold: true as const }

describe('plan', () => {
  test('the lane runs by version, whatever order it came in', () => {
    expect(ids(plan(order({ lane: [entry(3), entry(1), entry(2)] })))).toEqual(['e1', 'e2', 'e3'])
  })

  test('the creating event is first, also where its version is higher', () => {
    const lane = [entry(1), entry(5, { creating: true }), entry(2)]
    expect(ids(plan(order({ known: false, lane })))).toEqual(['e5', 'e1', 'e2'])
    expect(ids(plan(order({ known: true, lane })))).toEqual(['e5', 'e1', 'e2'])
  })

  test('an empty lane runs nothing', () => {
    expect(plan(order())).toEqual([])
  })

  test('an order that is not known is parked', () => {
    expect(plan(order({ known: false, lane: [entry(1)] }))).toEqual([])
  })

  test('an unsure entry runs alone, before what is older', () => {
    const lane = [entry(1), entry(2, { unsure: true }), entry(3)]
    expect(ids(plan(order({ lane })))).toEqual(['e2'])
  })

  test('of several unsure entries the first by version runs alone', () => {
    const lane = [entry(1), entry(3, { unsure: true }), entry(2, { unsure: true })]
    expect(ids(plan(order({ lane })))).toEqual(['e2'])
  })

  test('an unsure creating event is the first of the unsure', () => {
    const lane = [entry(2, { unsure: true }), entry(5, { creating: true, unsure: true })]
    expect(ids(plan(order({ known: false, lane })))).toEqual(['e5'])
  })

  test('an unsure entry of an order that is not known is parked', () => {
    const lane = [entry(2, { unsure: true }), entry(5, { creating: true })]
    expect(plan(order({ known: false, lane }))).toEqual([])
  })

  test('a held order runs nothing', () => {
    const held = order({ lane: [entry(1)], dead: [dead(9, 'used_up', { unsure: true })] })
    expect(plan(held)).toEqual([])
    expect(plan({ ...held, dead: [] })).toHaveLength(1)
  })
})

describe('an order is held', () => {
  test.each([
    ['by an unsure dead snapshot', { unsure: true as const, effects: [LATEST] }, true],
    ['not by a dead snapshot that surely did not execute', { effects: [LATEST] }, false],
    ['not by an unsure dead fact, which anything may pass', { unsure: true as const, effects: [EVERY] }, false],
    ['by a dead effect that says so', { effects: [HOLDING] }, true],
    ['by one of several effects', { unsure: true as const, effects: [EVERY, LATEST] }, true],
  ])('%s', (_, changed, expected) => {
    const entry = dead(1, 'used_up', changed)
    expect(holds(entry)).toBe(expected)
    expect(isHeld(order({ dead: [dead(2, 'permanent'), entry] }))).toBe(expected)
  })

  test('not by what is still in its lane', () => {
    expect(isHeld(order({ lane: [entry(1, { unsure: true, effects: [HOLDING, LATEST] })] }))).toBe(false)
  })
})
