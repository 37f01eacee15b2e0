import { describe, expect, test } from 'vitest'
import { type Entry, type Outcome, settle } from '../src/index.ts'
import {
  AFTER_TERMINAL,
  dead,
  DONE,
  end,
  entry,
  EVERY,
  floor,
  ids,
  LATEST,
  NEXT_TOKEN,
  NOW,
  OUTAGE,
  outcomes,
  owned,
  PERMANENT,
  POLICY,
  RETRY,
  UNKNOWN,
} from './sample.ts'

const HALF_A_SECOND = POLICY.backOff.minMs / 2
const BOTH = [LATEST, EVERY]

/** What becomes of one entry with the effects `order` (latest) and `entry` (every). */
function settled(by: { order?: Outcome; entry?: Outcome }, changed: Partial<Entry> = {}, at = end()) {
  return settle(owned([entry(1, { effects: BOTH, ...changed })]), outcomes({ e1: by }), at)
}

test('an attempt that came back alive forgives the leases that were lost before', () => {
  expect(settled({ order: UNKNOWN, entry: DONE }, { lost_leases: 4 })?.lane).toMatchObject([{ lost_leases: 0 }])
})

describe('an attempt that the target surely did not execute', () => {
  test('counts a try and backs off', () => {
    expect(settled({ order: RETRY, entry: RETRY })).toStrictEqual({
      rev: 8,
      known: true,
      last_webhook_at: '',
      floors: {},
      lane: [
        entry(1, {
          effects: BOTH,
          tries: 1,
          first_tried_at: NOW,
          tried_ms: HALF_A_SECOND,
          last_error: 'status 503',
        }),
      ],
      dead: [],
      wake_at: NOW + HALF_A_SECOND,
    })
  })

  test('keeps when it was first tried, and the next back-off is twice as long', () => {
    const after = settled({ order: RETRY, entry: DONE }, { tries: 1, first_tried_at: NOW - 9_000, tried_ms: 700 })
    expect(after?.lane).toEqual([
      entry(1, {
        effects: [LATEST],
        tries: 2,
        first_tried_at: NOW - 9_000,
        tried_ms: 700 + 2 * HALF_A_SECOND,
        last_error: 'status 503',
      }),
    ])
    expect(after?.wake_at).toBe(NOW + 2 * HALF_A_SECOND)
  })

  test('finishes its other effects: they leave and raise their floors', () => {
    const after = settled({ order: DONE, entry: RETRY })
    expect(after?.lane[0]?.effects).toEqual([EVERY])
    expect(after?.floors).toEqual({ order: floor(1) })
  })

  test('does not make the entry unsure, nor sure again', () => {
    expect(settled({ order: RETRY, entry: DONE })?.lane[0]?.unsure).toBeUndefined()
    expect(settled({ order: RETRY, entry: DONE }, { unsure: true })?.lane[0]?.unsure).toBe(true)
  })

  test('waits as long as the target asks, where that is longer', () => {
    const asked = (retryAfterMs: number) => settled({ order: { ...RETRY, retryAfterMs }, entry: DONE })?.wake_at
    expect(asked(60_000)).toBe(NOW + 60_000)
    expect(asked(1)).toBe(NOW + HALF_A_SECOND)
  })

  test('waits as long as the more patient of its effects', () => {
    const after = settled({ order: { ...RETRY, retryAfterMs: 60_000 }, entry: { ...OUTAGE, retryAfterMs: 90_000 } })
    expect(after?.wake_at).toBe(NOW + 90_000)
  })
})

describe('an attempt of which nobody knows what came', () => {
  test('counts a try, backs off and is unsure', () => {
    const after = settled({ order: UNKNOWN, entry: DONE })
    expect(after?.lane).toEqual([
      entry(1, {
        effects: [LATEST],
        tries: 1,
        first_tried_at: NOW,
        tried_ms: HALF_A_SECOND,
        unsure: true,
        last_error: 'no answer',
      }),
    ])
    expect(after?.wake_at).toBe(NOW + HALF_A_SECOND)
  })

  test('makes the entry unsure beside any other outcome', () => {
    expect(settled({ order: UNKNOWN, entry: PERMANENT })?.lane[0]?.unsure).toBe(true)
    expect(settled({ order: OUTAGE, entry: UNKNOWN })?.lane[0]?.unsure).toBe(true)
  })
})

describe('an outage', () => {
  test('backs off without a try', () => {
    const after = settled({ order: OUTAGE, entry: DONE })
    expect(after?.lane).toEqual([entry(1, { effects: [LATEST], last_error: 'refused', outages: 1 })])
    expect(after?.wake_at).toBe(NOW + HALF_A_SECOND)
    expect(after?.owner).toBeUndefined()
  })

  test('that goes on backs off twice as long each time, up to its own limit', () => {
    const waits = [1, 2, 3, 5, 6, 60].map(outages => {
      const after = settled({ order: OUTAGE, entry: DONE }, { outages: outages - 1 })
      return Number(after?.wake_at) - NOW
    })
    const longest = POLICY.outageBackOffMaxMs / 2
    expect(waits).toEqual([HALF_A_SECOND, 2 * HALF_A_SECOND, 4 * HALF_A_SECOND, 16 * HALF_A_SECOND, longest, longest])
  })

  test('starts anew after an attempt that came through', () => {
    expect(settled({ order: RETRY, entry: DONE }, { outages: 5 })?.lane[0]).not.toHaveProperty('outages')
  })

  test('does not shorten the back-off of the attempts before it', () => {
    const after = settled({ order: RETRY, entry: DONE }, { outages: 5, tries: 3 })
    expect(after?.wake_at).toBe(NOW + 8 * HALF_A_SECOND)
  })

  test('uses up nobody, however long it lasts', () => {
    const old = { tries: 5, first_tried_at: NOW - 10 * POLICY.deadAfterMs, tried_ms: POLICY.deadAfterMs }
    const after = settled({ order: OUTAGE, entry: OUTAGE }, old)
    expect(after?.dead).toEqual([])
    expect(after?.lane[0]).toMatchObject(old)
  })

  test('beside a try is a try', () => {
    expect(settled({ order: OUTAGE, entry: RETRY })?.lane[0]?.tries).toBe(1)
  })
})

describe('an event is used up', () => {
  test.each([
    [POLICY.deadAfterMs - 1, 'lane'],
    [POLICY.deadAfterMs, 'dead'],
  ])('once it backed off long enough after its own attempts: %i ms', (tried_ms, where) => {
    const after = settled({ order: RETRY, entry: DONE }, { tries: 300, first_tried_at: 1, tried_ms })
    expect(ids(where === 'dead' ? after?.dead : after?.lane)).toEqual(['e1'])
  })

  test('and says why, with what is left of it', () => {
    const after = settled({ order: UNKNOWN, entry: DONE }, { tries: 300, tried_ms: POLICY.deadAfterMs })
    expect(after?.dead).toEqual([
      dead(1, 'used_up', {
        effects: [LATEST],
        tries: 301,
        first_tried_at: NOW,
        tried_ms: POLICY.deadAfterMs,
        unsure: true,
        last_error: 'no answer',
        dead_at: NOW,
      }),
    ])
  })

  test('not by time in which nobody could try', () => {
    const stopped = { tries: 1, first_tried_at: NOW - 10 * POLICY.deadAfterMs, tried_ms: 1_000 }
    expect(settled({ order: RETRY, entry: DONE }, stopped)?.dead).toEqual([])
  })

  test('although another of its effects was refused for good', () => {
    const after = settled({ order: RETRY, entry: PERMANENT }, { tries: 300, tried_ms: POLICY.deadAfterMs })
    expect(after?.dead[0]).toMatchObject({ reason: 'used_up', effects: BOTH })
  })
})

describe('an effect that was refused for good', () => {
  test('makes the entry dead once nothing else of it is left to do', () => {
    const after = settled({ order: DONE, entry: PERMANENT })
    expect(after?.dead).toEqual([dead(1, 'permanent', { effects: [EVERY], last_error: 'status 422', dead_at: NOW })])
    expect(after?.floors).toEqual({ order: floor(1) })
    expect(after?.lane).toEqual([])
  })

  test('leaves what the target answered with the dead entry', () => {
    const after = settled({ order: DONE, entry: { kind: 'permanent', reason: 'permanent', message: '', answer: 'no' } })
    expect(after?.dead[0]?.answer).toBe('no')
  })

  test('waits for its sibling that is tried again', () => {
    const after = settled({ order: RETRY, entry: PERMANENT })
    expect(after?.dead).toEqual([])
    expect(after?.lane[0]).toMatchObject({ effects: BOTH, tries: 1 })
    expect(after?.wake_at).toBe(NOW + HALF_A_SECOND)
  })

  test('waits for its sibling that an outage stopped', () => {
    expect(settled({ order: OUTAGE, entry: PERMANENT })?.lane[0]).toMatchObject({ effects: BOTH, tries: 0 })
  })

  test('waits for its sibling that was not reached: both run again at once', () => {
    const after = settled({ order: PERMANENT })
    expect(after?.lane[0]).toMatchObject({ effects: BOTH, tries: 0, begun: true })
    expect(after?.owner).toBe(NEXT_TOKEN)
  })

  test('lets the rest of its lane go on', () => {
    const after = settle(owned([entry(1), entry(2)]), outcomes({ e1: { order: PERMANENT } }), end())
    expect(after?.lane).toEqual([entry(2, { begun: true })])
  })

  test('holds the rest of its lane where it says so', () => {
    const first = entry(1, { effects: [{ ...EVERY, hold: true }] })
    const after = settle(owned([first, entry(2)]), outcomes({ e1: { entry: PERMANENT } }), end())
    expect(after).toMatchObject({ lane: [entry(2)], dead: [{ id: 'e1' }] })
    expect(after?.owner).toBeUndefined()
    expect(after?.wake_at).toBeUndefined()
  })

  test('does not hold by an effect that is done', () => {
    const first = entry(1, { effects: [{ ...LATEST, hold: true }, EVERY] })
    const after = settle(owned([first, entry(2)]), outcomes({ e1: { order: DONE, entry: PERMANENT } }), end())
    expect(after?.owner).toBe(NEXT_TOKEN)
  })

  test('holds the rest of its lane where an earlier attempt may have executed', () => {
    const first = entry(1, { unsure: true })
    const after = settle(owned([first, entry(2)]), outcomes({ e1: { order: PERMANENT } }), end())
    expect(after?.owner).toBeUndefined()
    expect(after?.lane).toEqual([entry(2)])
  })

  test('because it comes after a terminal event says that', () => {
    const after = settled({ order: AFTER_TERMINAL, entry: DONE })
    expect(after?.dead).toMatchObject([{ id: 'e1', reason: 'after_terminal', effects: [LATEST] }])
  })
})
