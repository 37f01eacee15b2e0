import { describe, expect, test } from 'vitest'
import { chooseForRedrive, type Forecast, forecast, type InboxStates, type OrderRecord } from '../src/index.ts'
import { dead, entry, EVERY, floor, LATEST, order, owned } from './sample.ts'

/** Every event of the record is open, but for those that are told otherwise. */
function statesOf({ lane, dead }: OrderRecord, others: Record<string, 'done' | 'stale'> = {}): InboxStates {
  return new Map([
    ...[...lane, ...dead].map(({ id }) => [id, 'open'] as const),
    ...Object.entries(others).map(([id, state]) => [id, state] as const),
  ])
}

function forecastsOf(record: OrderRecord, ids: readonly string[], others?: Record<string, 'done' | 'stale'>) {
  return Object.fromEntries(forecast(record, new Set(ids), { states: statesOf(record, others) }))
}

const RUNS: Forecast = { kind: 'will_run', runs: ['order'], skips: [] }
const BOTH = [LATEST, EVERY]
const GATE = { ...LATEST, hold: true as const }

describe('the forecast of a redrive', () => {
  test('says which effects of an event run', () => {
    const record = order({ dead: [dead(1, 'permanent', { effects: BOTH }), dead(2, 'used_up')] })
    expect(forecastsOf(record, ['e1', 'e2'])).toEqual({
      e1: { kind: 'will_run', runs: ['order', 'entry'], skips: [] },
      e2: RUNS,
    })
  })

  test('says what is skipped because the order moved on', () => {
    const record = order({
      floors: { order: floor(9) },
      dead: [dead(1, 'permanent'), dead(2, 'permanent', { effects: BOTH })],
    })
    expect(forecastsOf(record, ['e1', 'e2'])).toEqual({
      e1: { kind: 'stale', skips: ['order'] },
      e2: { kind: 'will_run', runs: ['entry'], skips: ['order'] },
    })
  })

  test('counts what runs before it in the same order', () => {
    const record = order({ lane: [entry(9, { unsure: true })], dead: [dead(1, 'permanent')] })
    expect(forecastsOf(record, ['e1'])).toEqual({ e1: { kind: 'stale', skips: ['order'] } })
  })

  test('names the dead event that stays dead and holds the order', () => {
    const holder = dead(3, 'kills_its_worker', { unsure: true, event: 'captured' })
    const record = order({ dead: [dead(1, 'permanent'), holder] })
    expect(forecastsOf(record, ['e1'])).toEqual({ e1: { kind: 'blocked', by: { id: 'e3', event: 'captured' } } })
    expect(forecastsOf(record, ['e1', 'e3'])['e3']).toEqual(RUNS)
  })

  test('names the dead event that would make the order known', () => {
    const creator = dead(1, 'permanent', { creating: true, event: 'order.created' })
    const record = order({ known: false, dead: [creator, dead(2, 'permanent')] })
    expect(forecastsOf(record, ['e2'])).toEqual({ e2: { kind: 'blocked', by: { id: 'e1', event: 'order.created' } } })
    expect(forecastsOf(record, ['e1', 'e2'])).toEqual({ e1: RUNS, e2: RUNS })
  })

  test('says that an event waits for its order, or runs where a person lets it go on without', () => {
    const record = order({ known: false, dead: [dead(2, 'prerequisite_never_arrived')] })
    expect(forecastsOf(record, ['e2'])).toEqual({ e2: { kind: 'waits' } })
    const options = { states: statesOf(record), withoutPrerequisite: true }
    expect(forecast(record, new Set(['e2']), options).get('e2')).toEqual(RUNS)
  })

  test('says that what is newer than a terminal event would be dead again, unless a person lets it pass', () => {
    const record = order({
      floors: { order: floor(1, { terminal: true }) },
      dead: [dead(2, 'permanent', { effects: [EVERY, LATEST] }), dead(3, 'after_terminal')],
    })
    expect(forecastsOf(record, ['e2', 'e3'])).toEqual({
      e2: { kind: 'dead_again', reason: 'after_terminal', runs: ['entry'], skips: [] },
      e3: RUNS,
    })
  })

  test('says that an event of which the inbox has nothing would be dead again', () => {
    const record = order({ dead: [dead(2, 'permanent')] })
    expect(forecast(record, new Set(['e2']), { states: new Map() }).get('e2')).toMatchObject({ kind: 'dead_again' })
  })

  test('says what is over already, and what is not dead any more', () => {
    const record = order({ lane: [entry(3)], wake_at: 1, dead: [dead(1, 'kills_its_worker')] })
    expect(forecastsOf(record, ['e1', 'e2', 'e3', 'e4'], { e1: 'done', e2: 'stale' })).toEqual({
      e1: { kind: 'already_done', how: 'done' },
      e2: { kind: 'already_done', how: 'stale' },
      e3: { kind: 'already_done', how: 'given_back' },
      e4: { kind: 'already_done', how: 'gone' },
    })
  })

  test('of an order that is worked on begins where its owner ends', () => {
    const record = owned([entry(5)], { dead: [dead(1, 'permanent'), dead(6, 'permanent')] })
    expect(forecastsOf(record, ['e1', 'e6'])).toEqual({ e1: { kind: 'stale', skips: ['order'] }, e6: RUNS })
  })
})

describe('what a redrive gives back', () => {
  const choose = (record: OrderRecord, ids: readonly string[]) => {
    const { giveBack, forecasts } = chooseForRedrive(record, new Set(ids), { states: statesOf(record) })
    return { giveBack: [...giveBack], forecasts: Object.fromEntries(forecasts) }
  }

  test('is what runs, is skipped or is over, never what would only wait', () => {
    const holder = dead(3, 'kills_its_worker', { unsure: true })
    expect(choose(order({ dead: [dead(1, 'permanent'), holder] }), ['e1']).giveBack).toEqual([])
    expect(choose(order({ known: false, dead: [dead(1, 'used_up')] }), ['e1']).giveBack).toEqual([])
    const moved = order({ floors: { order: floor(9) }, dead: [dead(1, 'permanent'), dead(10, 'permanent')] })
    expect(choose(moved, ['e1', 'e10', 'e99']).giveBack).toEqual(['e1', 'e10'])
  })

  test('goes back when nobody works on the order, where the inbox says that it is over', () => {
    const zombies = dead(1, 'kills_its_worker')
    const states: InboxStates = new Map([['e1', 'done']])
    const choose = (record: OrderRecord) => chooseForRedrive(record, new Set(['e1']), { states })
    expect(choose(owned([entry(2)], { dead: [zombies] })).whenFree).toBe(true)
    const free = choose(order({ dead: [zombies] }))
    expect([[...free.giveBack], free.whenFree]).toEqual([['e1'], undefined])
  })

  test('is nothing of an order that what is left dead would hold', () => {
    const terminal = floor(1, { terminal: true })
    const first = dead(2, 'permanent', { effects: [GATE] })
    const next = dead(3, 'permanent', { effects: [GATE] })
    const { giveBack, forecasts } = choose(order({ floors: { order: terminal }, dead: [first, next] }), ['e2', 'e3'])
    expect(giveBack).toEqual([])
    expect(forecasts).toMatchObject({ e2: { kind: 'blocked', by: { id: 'e3' } }, e3: { kind: 'blocked' } })
  })
})
