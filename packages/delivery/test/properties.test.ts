import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { arrive, backOffMs, type Entry, type Floors, isHeld, judge, plan, raise, unseen } from '../src/index.ts'
import { deepFrozen, someEvents, someEventsShuffled, someHistory, type Write } from './histories.ts'
import { ids, step } from './sample.ts'

const RUNS = { numRuns: 400 }

/** The history in which some write is not fine, told with its seed. */
function brokenHistory(isFine: (write: Write) => boolean): string | undefined {
  const property = fc.property(someHistory, writes => writes.every(isFine))
  return fc.defaultReportMessage(fc.check(property, RUNS))
}

describe('whatever happens to an order', () => {
  test('its revision rises by one with every write', () => {
    expect(brokenHistory(({ before, after }) => after.rev === before.rev + 1)).toBeUndefined()
  })

  test('its floors never fall', () => {
    const broken = brokenHistory(({ before, after }) =>
      Object.entries(before.floors).every(([key, { version }]) => (after.floors[key]?.version ?? '') >= version),
    )
    expect(broken).toBeUndefined()
  })

  test('its newest time never falls, and what is known stays known', () => {
    const broken = brokenHistory(
      ({ before, after }) => after.last_webhook_at >= before.last_webhook_at && (after.known || !before.known),
    )
    expect(broken).toBeUndefined()
  })

  test('an event is once in lane and dead, and leaves only when the inbox says that it is over', () => {
    const broken = brokenHistory(({ before, after, over }) => {
      const is = ids([...after.lane, ...after.dead])
      const gone = ids([...before.lane, ...before.dead]).filter(id => !is.includes(id))
      return new Set(is).size === is.length && gone.every(id => over.has(id))
    })
    expect(broken).toBeUndefined()
  })

  test('nothing is begun or planned without an owner, and an owner has something to run', () => {
    const broken = brokenHistory(({ after: { lane, owner, planned } }) => {
      const anyBegun = lane.some(({ begun }) => begun)
      return owner === undefined ? !anyBegun && planned === undefined : anyBegun
    })
    expect(broken).toBeUndefined()
  })

  test('planned is the floors after the whole lane, and only where the whole lane runs', () => {
    const broken = brokenHistory(({ after }) => {
      if (!after.planned) return true
      const expected = applied(after.floors, after.lane)
      return (
        after.lane.every(({ begun }) => begun) &&
        JSON.stringify(sorted(after.planned)) === JSON.stringify(sorted(expected))
      )
    })
    expect(broken).toBeUndefined()
  })

  test('it wakes as long as something waits that no person is needed for, and otherwise never', () => {
    const broken = brokenHistory(({ after }) => {
      if (after.lane.length === 0) return after.wake_at === undefined
      return after.wake_at !== undefined || isHeld(after)
    })
    expect(broken).toBeUndefined()
  })

  test('what may have executed is unsure until it leaves', () => {
    const broken = brokenHistory(({ before, after }) => {
      const unsure = new Set(ids([...before.lane, ...before.dead].filter(({ unsure }) => unsure)))
      return [...after.lane, ...after.dead].every(entry => entry.unsure || !unsure.has(entry.id))
    })
    expect(broken).toBeUndefined()
  })

  test('a dead entry comes back by a person only', () => {
    const broken = brokenHistory(({ by, before, after }) => {
      const still = new Set(ids(after.dead))
      return by === 'redrive' || ids(before.dead).every(id => still.has(id))
    })
    expect(broken).toBeUndefined()
  })

  test('a claim is given to nobody else before its time', () => {
    const broken = brokenHistory(({ by, before, after, now }) => {
      if (before.owner === undefined || after.owner === before.owner || after.owner === undefined) return true
      if (by === 'settle') return true // its own owner goes on, under a new token
      return by === 'take over' && (before.wake_at ?? Number.POSITIVE_INFINITY) <= now
    })
    expect(broken).toBeUndefined()
  })

  test('while something is unsure, nothing else begins', () => {
    const broken = brokenHistory(({ before, after }) => {
      const claimed = after.owner !== undefined && after.owner !== before.owner
      const begun = after.lane.filter(({ begun }) => begun)
      return !claimed || begun.length === 1 || begun.every(({ unsure }) => !unsure)
    })
    expect(broken).toBeUndefined()
  })
})

describe('the order in which events come', () => {
  test('does not change what runs, and in which order', () => {
    fc.assert(
      fc.property(someEventsShuffled, fc.boolean(), ([events, shuffled], needsPrerequisite) => {
        const expected = arrived(events, needsPrerequisite)
        const actual = arrived(shuffled, needsPrerequisite)
        expect(ids(plan(actual))).toEqual(ids(plan(expected)))
        expect(actual.planned).toEqual(expected.planned)
      }),
      RUNS,
    )
  })

  test('does not change the lane, also where they come one after another', () => {
    fc.assert(
      fc.property(someEventsShuffled, ([events, shuffled]) => {
        const oneByOne = shuffled.reduce(
          (record, entry) => arrive(deepFrozen(record), [entry], step()) ?? record,
          unseen(false),
        )
        expect(ids(plan(oneByOne))).toEqual(ids(plan(arrived(events, false))))
      }),
      RUNS,
    )
  })

  test('does not change the floors', () => {
    fc.assert(
      fc.property(someEventsShuffled, ([events, shuffled]) => {
        expect(applied({}, shuffled)).toEqual(applied({}, events))
      }),
      RUNS,
    )
  })
})

describe('floors', () => {
  test('after an event make everything older stale and leave everything newer', () => {
    fc.assert(
      fc.property(someEvents, fc.nat(7), fc.nat(7), (events, a, b) => {
        const [one, other] = [events[a] as Entry, events[b] as Entry]
        const floors = applied({}, [one])
        for (const effect of other.effects) {
          const shared = effect.floor !== undefined && floors[effect.floor] !== undefined
          expect(judge(effect, other, floors) === 'stale').toBe(shared && other.version < one.version)
        }
      }),
      RUNS,
    )
  })
})

test('a back-off is within its limits for any number of tries', () => {
  const limits = fc.record({ minMs: fc.integer({ min: 1, max: 10_000 }), moreMs: fc.nat(1_000_000) })
  const jitter = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
  fc.assert(
    fc.property(limits, fc.nat(), jitter, ({ minMs, moreMs }, tries, jitter) => {
      const wait = backOffMs({ minMs, maxMs: minMs + moreMs }, tries, jitter)
      expect(wait).toBeGreaterThanOrEqual(Math.floor(minMs / 2))
      expect(wait).toBeLessThanOrEqual(minMs + moreMs)
    }),
    RUNS,
  )
})

function arrived(entries: readonly Entry[], needsPrerequisite: boolean) {
  return arrive(unseen(needsPrerequisite), entries, step()) ?? unseen(needsPrerequisite)
}

function applied(floors: Floors, entries: readonly Entry[]): Floors {
  return entries.reduce((raised, entry) => raise(raised, entry, entry.effects), floors)
}

function sorted(floors: Floors) {
  return Object.entries(floors).sort(([a], [b]) => (a < b ? -1 : 1))
}
