import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  chooseForRedrive,
  forecast,
  type Forecast,
  type InboxStates,
  isHeld,
  judge,
  type OrderRecord,
  type Outcome,
  plan,
  raise,
  redrive,
  settle,
  takeOver,
} from '../src/index.ts'
import { someHistory } from './histories.ts'
import { AFTER_TERMINAL, DONE, STALE, step } from './sample.ts'

/** What really became of each event: the effects that ran and those that were skipped. */
interface Became {
  record: OrderRecord
  ran: ReadonlyMap<string, readonly string[]>
  skipped: ReadonlyMap<string, readonly string[]>
}

const PATIENT = { parkMaxMs: Number.POSITIVE_INFINITY, onParkExpired: 'dead' as const }

/**
 * Runs an order until nothing more happens by itself; each worker does so much of its run list and hands the rest over. Who
 * owns the order at the redrive ends its run: handed over in its middle, what is redriven would come before its rest.
 */
function worked(from: OrderRecord, over: ReadonlySet<string>, shifts: readonly number[]): Became {
  const ran = new Map<string, string[]>()
  const skipped = new Map<string, string[]>()
  let record = from
  for (let turn = 0; ; turn++) {
    const now = record.wake_at ?? 0
    if (record.owner === undefined) {
      if (plan(record).length === 0 || !Number.isFinite(now)) return { record, ran, skipped }
      record = takeOver(record, over, step({ now, token: `worker ${turn}`, policy: PATIENT })) ?? record
      continue
    }
    const outcomes = new Map<string, ReadonlyMap<string, Outcome>>()
    const begun = plan(record).filter(({ begun }) => begun)
    let { floors } = record
    const shift = record.owner === from.owner ? begun.length : 1 + (shifts[turn % shifts.length] ?? 0)
    for (const entry of begun.slice(0, shift)) {
      const ofEntry = new Map<string, Outcome>()
      for (const effect of entry.effects) {
        const verdict = judge(effect, entry, floors)
        const outcome = over.has(entry.id) ? DONE : { run: DONE, stale: STALE, after_terminal: AFTER_TERMINAL }[verdict]
        ofEntry.set(effect.name, outcome)
        if (outcome === DONE) floors = raise(floors, entry, [effect])
        if (outcome === DONE && !over.has(entry.id)) ran.set(entry.id, [...(ran.get(entry.id) ?? []), effect.name])
        if (outcome === STALE) skipped.set(entry.id, [...(skipped.get(entry.id) ?? []), effect.name])
      }
      outcomes.set(entry.id, ofEntry)
      if ([...ofEntry.values()].includes(AFTER_TERMINAL)) break
    }
    const end = {
      ...step({ now, token: `worker ${turn}`, policy: PATIENT }),
      ranUnder: record.owner,
      last: turn % 2 === 0,
    }
    record = settle(record, outcomes, end) ?? record
  }
}

/** The forecast told anew, from what became of each event. */
function told(forecasts: ReadonlyMap<string, Forecast>, { record, ran, skipped }: Became): unknown {
  return Object.fromEntries(
    [...forecasts].map(([id, forecast]) => {
      const [runs, skips] = [ran.get(id) ?? [], skipped.get(id) ?? []]
      const died = record.dead.find(entry => entry.id === id)
      const inLane = record.lane.some(entry => entry.id === id)
      switch (forecast.kind) {
        case 'will_run':
          return [id, died || inLane ? 'not over' : { ...forecast, runs, skips }]
        case 'stale':
          return [id, died || inLane || runs.length > 0 ? 'not stale' : { ...forecast, skips }]
        case 'dead_again':
          return [id, died ? { ...forecast, reason: died.reason, runs, skips } : 'not dead']
        case 'blocked': {
          const isDead = record.dead.some(one => one.id === forecast.by.id && one.event === forecast.by.event)
          const stands = isHeld(record) || !record.known
          return [id, inLane && isDead && stands ? forecast : 'not blocked']
        }
        case 'waits':
          return [id, inLane && !record.known ? forecast : 'does not wait']
        case 'already_done':
          return [id, died && forecast.how !== 'given_back' ? 'dead all the same' : forecast]
      }
    }),
  )
}

test('the forecast of a redrive is what happens when the loop runs it to the end, whatever happened before', () => {
  const seen = new Set<string>()
  const property = fc.property(
    someHistory,
    fc.subarray(Array.from({ length: 8 }, (_, n) => `e${n}`)),
    fc.boolean(),
    fc.array(fc.nat(3), { minLength: 1, maxLength: 4 }),
    (writes, ids, withoutPrerequisite, shifts) => {
      const last = writes.at(-1)
      if (!last) return
      const { after: record, over, now } = last
      const here = [...record.lane, ...record.dead].map(({ id }) => [id, 'open'] as const)
      const states: InboxStates = new Map([...here, ...[...over].map(id => [id, 'done'] as const)])
      const chosen = new Set(ids)
      const options = { states, withoutPrerequisite }
      // random: an owner that is between F and R may have finished what it cannot have come to
      if (record.owner !== undefined && record.lane.some(({ id }) => over.has(id))) return
      if (chooseForRedrive(record, chosen, options).whenFree) return
      const forecasts = forecast(record, chosen, options)
      const redriven = redrive(record, chosen, { now, withoutPrerequisite })
      const became = worked(redriven ?? record, over, shifts)
      for (const { kind } of forecasts.values()) seen.add(kind)
      expect(told(forecasts, became)).toEqual(Object.fromEntries(forecasts))
    },
  )
  fc.assert(property, { numRuns: 2_000 })
  expect([...seen].sort()).toEqual(['already_done', 'blocked', 'dead_again', 'stale', 'waits', 'will_run'])
})

test('what is given back runs, is skipped or dies as it was said, however much is left dead', () => {
  const property = fc.property(someHistory, fc.boolean(), (writes, withoutPrerequisite) => {
    const record = writes.at(-1)?.after
    if (!record) return
    const ids = new Set(record.dead.map(({ id }) => id))
    const states: InboxStates = new Map([...record.lane, ...record.dead].map(({ id }) => [id, 'open']))
    const options = { states, withoutPrerequisite }
    const { giveBack, forecasts } = chooseForRedrive(record, ids, options)
    expect([...forecasts.keys()].sort()).toEqual([...ids].sort())
    expect([...forecasts].filter(([id]) => giveBack.has(id))).toEqual([...forecast(record, giveBack, options)])
    const waiting = [...forecasts].filter(([, { kind }]) => kind === 'blocked' || kind === 'waits')
    expect(waiting.filter(([id]) => giveBack.has(id))).toEqual([])
  })
  fc.assert(property, { numRuns: 500 })
})
