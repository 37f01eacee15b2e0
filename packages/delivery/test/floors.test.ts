import { describe, expect, test } from 'vitest'
import { judge, raise } from '../src/index.ts'
import { at, entry, EVERY, floor, LATEST, PART, version } from './sample.ts'

const TERMINAL = { ...LATEST, terminal: true as const }

describe('judge', () => {
  test('an effect without a floor runs, however old', () => {
    expect(judge(EVERY, entry(1), { order: floor(9, { terminal: true }) })).toBe('run')
  })

  test('an effect whose floor was never raised runs', () => {
    expect(judge(LATEST, entry(1), { 'shipping/f1': floor(9) })).toBe('run')
  })

  test('the floor is that of the effect or its part, not of the order', () => {
    const floors = { order: floor(9), 'shipping/f2': floor(9) }
    expect(judge(PART, entry(1), floors)).toBe('run')
    expect(judge(LATEST, entry(1), floors)).toBe('stale')
  })

  test.each([
    [4, 'stale'],
    [5, 'run'],
    [6, 'run'],
  ])('below its floor it is stale, at it or above it runs: version %i at floor 5', (n, verdict) => {
    expect(judge(LATEST, entry(n), { order: floor(5) })).toBe(verdict)
  })

  test('nothing newer passes a terminal floor', () => {
    expect(judge(LATEST, entry(6), { order: floor(5, { terminal: true }) })).toBe('after_terminal')
  })

  test('what is older than a terminal floor is stale, terminal or not', () => {
    const floors = { order: floor(5, { terminal: true }) }
    expect(judge(LATEST, entry(4), floors)).toBe('stale')
    expect(judge(TERMINAL, entry(4), floors)).toBe('stale')
  })

  test('a terminal event passes a terminal floor', () => {
    expect(judge(TERMINAL, entry(6), { order: floor(5, { terminal: true }) })).toBe('run')
  })

  test('what a person released passes a terminal floor, but not a newer version', () => {
    const released = entry(6, { released_by_person: true })
    expect(judge(LATEST, released, { order: floor(5, { terminal: true }) })).toBe('run')
    expect(judge(LATEST, released, { order: floor(7, { terminal: true }) })).toBe('stale')
  })

  test('the event that made a floor terminal may be repeated', () => {
    expect(judge(LATEST, entry(5), { order: floor(5, { terminal: true }) })).toBe('run')
  })
})

describe('raise', () => {
  test('the floor is the version that was applied, with its time', () => {
    expect(raise({}, entry(5), [LATEST])).toEqual({ order: { version: version(5), last_webhook_at: at(5) } })
  })

  test('an effect without a floor raises none', () => {
    expect(raise({ order: floor(1) }, entry(5), [EVERY])).toEqual({ order: floor(1) })
  })

  test('a floor never falls', () => {
    expect(raise({ order: floor(9) }, entry(5), [LATEST])).toEqual({ order: floor(9) })
  })

  test('only the floors of the given effects rise', () => {
    const floors = { order: floor(1), 'shipping/f1': floor(1), 'shipping/f2': floor(1) }
    expect(raise(floors, entry(5), [PART])).toEqual({ ...floors, 'shipping/f1': floor(5) })
  })

  test('a terminal effect makes its floor terminal', () => {
    expect(raise({ order: floor(1) }, entry(5), [TERMINAL])).toEqual({ order: floor(5, { terminal: true }) })
  })

  test('what passed a terminal floor ends it', () => {
    expect(raise({ order: floor(4, { terminal: true }) }, entry(5), [LATEST])).toEqual({ order: floor(5) })
  })

  test('an older terminal effect leaves the floor as it is', () => {
    expect(raise({ order: floor(9) }, entry(5), [TERMINAL])).toEqual({ order: floor(9) })
  })

  test('repeating what made a floor terminal leaves it terminal', () => {
    const floors = { order: floor(5, { terminal: true }) }
    expect(raise(floors, entry(5), [LATEST])).toEqual(floors)
  })

  test('what an effect returned is kept with its floor, and stays where the next one returns nothing', () => {
    const first = raise({}, entry(1), [LATEST], { mail: 'sent' })
    expect(first).toEqual({ order: floor(1, { state: { mail: 'sent' } }) })
    expect(raise(first, entry(2), [LATEST])).toEqual({ order: floor(2, { state: { mail: 'sent' } }) })
    expect(raise(first, entry(2), [LATEST], { mail: 'again' })).toEqual({
      order: floor(2, { state: { mail: 'again' } }),
    })
  })

  test('what an older one returned replaces nothing', () => {
    const kept = { order: floor(2, { state: { mail: 'sent' } }) }
    expect(raise(kept, entry(1), [LATEST], { mail: 'old' })).toEqual(kept)
  })

  test('the given floors stay as they were', () => {
    const floors = Object.freeze({ order: floor(1) })
    raise(floors, entry(5), [LATEST, PART])
    expect(floors).toEqual({ order: floor(1) })
  })
})
