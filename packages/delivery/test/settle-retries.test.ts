import { describe, expect, test } from 'vitest'
import { type Entry, type Outcome, type Retries, settle } from '../src/index.ts'
import { DONE, end, entry, EVERY, LATEST, NOW, OUTAGE, outcomes, owned, PERMANENT, POLICY } from './sample.ts'

/** What becomes of one entry with the effects `order` (latest) and `entry` (every). */
function settled(by: { order?: Outcome; entry?: Outcome }, changed: Partial<Entry> = {}) {
  return settle(owned([entry(1, { effects: [LATEST, EVERY], ...changed })]), outcomes({ e1: by }), end())
}

function retry(retries: Retries): Outcome {
  return { kind: 'retry', message: 'status 503', retries }
}

describe('an effect with retries of its own', () => {
  test('backs off from its own shortest to its own longest', () => {
    const own = { backOffMinMs: 60_000, backOffMaxMs: 90_000 }
    const waits = [0, 1, 2].map(tries => settled({ order: retry(own), entry: DONE }, { tries })?.wake_at)
    expect(waits).toEqual([NOW + 30_000, NOW + 45_000, NOW + 45_000])
  })

  test('is never asked more often than its shortest back-off says, though the longest is the service’s', () => {
    const own = { backOffMinMs: 2 * POLICY.backOff.maxMs }
    expect(settled({ order: retry(own), entry: DONE })?.wake_at).toBe(NOW + POLICY.backOff.maxMs)
  })

  test('is dead after so many attempts', () => {
    const own = { maxAttempts: 3 }
    expect(settled({ order: retry(own), entry: DONE }, { tries: 1 })?.lane).toMatchObject([{ tries: 2 }])
    expect(settled({ order: retry(own), entry: DONE }, { tries: 2 })?.dead).toMatchObject([
      { tries: 3, reason: 'used_up', effects: [LATEST] },
    ])
  })

  test('is dead after so long, however long the service would go on', () => {
    const own = { deadAfterMs: 5_000 }
    expect(settled({ order: retry(own), entry: DONE }, { tried_ms: 4_999 })?.dead).toEqual([])
    expect(settled({ order: retry(own), entry: DONE }, { tried_ms: 5_000 })?.dead).toMatchObject([
      { reason: 'used_up' },
    ])
  })

  test('outages use up none of its attempts', () => {
    expect(settled({ order: OUTAGE, entry: DONE }, { tries: 2 })?.lane).toMatchObject([{ tries: 2, outages: 1 }])
  })
})

describe('two effects of one event', () => {
  test('live as long as one of them has attempts left, and wait for the longer back-off', () => {
    const short = retry({ maxAttempts: 1, backOffMaxMs: 1_000 })
    const after = settled({ order: short, entry: retry({ backOffMinMs: 60_000 }) })
    expect(after).toMatchObject({ dead: [], lane: [{ tries: 1 }], wake_at: NOW + 30_000 })
  })

  test('are dead once both have none left', () => {
    const both = retry({ maxAttempts: 1 })
    expect(settled({ order: both, entry: both })?.dead).toMatchObject([{ effects: [LATEST, EVERY] }])
  })

  test('are dead where one is refused for good and the other has none left', () => {
    expect(settled({ order: PERMANENT, entry: retry({ maxAttempts: 1 }) })?.dead).toMatchObject([{ reason: 'used_up' }])
  })
})
