import type { Forecast } from '@hookline/delivery'
import type { PlannedEvent, RedriveItemStory, RedrivePlan, RedriveStory } from '@hookline/inbox'
import { sampleVersion } from '@hookline/testkit'
import { expect, it } from 'vitest'
import { servicePlan } from '../src/redrive/plan-document.ts'
import { redriveDocument } from '../src/redrive/story-document.ts'
import { planText } from '../src/text/redrive-plan-text.ts'
import { progressText } from '../src/text/redrive-progress.ts'
import { redriveText } from '../src/text/redrive-text.ts'
import { PLAIN } from './plain-look.ts'

const ORDER = 'points:0b5e7a52-4f0e-4a53-9d3c-2f6f3c0f7a11'
const id = (n: number) => `${n}`.padStart(24, '0')

function planned(n: number, forecast: Forecast, fields: Partial<PlannedEvent> = {}): PlannedEvent {
  const died = {
    reason: 'permanent',
    dead_at: Date.UTC(2026, 0, 1, 10, 0, n),
    unsure: false,
    gives_back: true,
  } as const
  return { order: ORDER, id: id(n), event: 'captured', version: sampleVersion(n), ...died, forecast, ...fields }
}

const FORECASTS: readonly Forecast[] = [
  { kind: 'will_run', runs: ['order', 'entry'], skips: [] },
  { kind: 'will_run', runs: ['entry'], skips: ['order'] },
  { kind: 'stale', skips: ['order'] },
  { kind: 'blocked', by: { id: id(99), event: 'cancelled' } },
  { kind: 'waits' },
  { kind: 'dead_again', reason: 'after_terminal', runs: ['entry'], skips: [] },
  { kind: 'already_done', how: 'done' },
]
const plan: RedrivePlan = {
  events: FORECASTS.map((forecast, n) =>
    planned(n, forecast, { gives_back: forecast.kind !== 'blocked' && forecast.kind !== 'waits', unsure: n === 0 }),
  ),
  not_dead: [{ id: id(50), state: 'done' }],
  more: true,
  undecided: 2,
}
const textOf = (some: RedrivePlan) =>
  planText({ now: '2026-01-01T12:00:00.000Z', services: { 'erp-sync': servicePlan(some) } }, PLAIN)

it('a plan counts its forecasts, warns of what a person must know, then tells each event', () => {
  const lines = textOf(plan).split('\n')
  expect(lines.slice(0, 20)).toEqual([
    'erp-sync: 7 dead, would give back 5 events of 1 order',
    '  A REDRIVE                         EVENTS',
    '  will run                               2',
    '  stale, will be skipped                 1',
    '  blocked by an earlier dead event       1',
    '  waits for its order                    1',
    '  would be dead again                    1',
    '  already done                           1',
    '  1 may have been executed before: the target sees the same key once more, a',
    '  mail may come twice.',
    '  2 more are dead after_terminal and are left: each is a decision, ask for them',
    '  by --reason after_terminal or by id.',
    `  ${id(50)}: already done.`,
    '  There are more: this is up to --limit, and no order is cut.',
    `  digest ${servicePlan(plan).digest}: \`redrive run --expect\` it to do this or nothing.`,
    '  DIED (UTC)           EVENT     FORECAST',
    '  2026-01-01 10:00:00  captured  will run',
    '      order 0b5e7a52-4f0e-4a53-9d3c-2f6f3c0f7a11 (points), event id',
    `      ${id(0)}, permanent`,
    '      runs order, entry',
  ])
  expect(lines).toContain('      runs entry; skips order, as a newer event has done it')
  expect(lines).toContain('      a newer event has done order already')
  expect(lines.filter(line => line.length > 80)).toEqual([])
})

it('the digest of a plan changes with what it would do, and not with the order of its events', () => {
  const digest = (events: readonly PlannedEvent[]) => servicePlan({ ...plan, events }).digest
  const [first, ...rest] = plan.events
  if (!first) throw new Error('a plan of nothing')
  expect(digest(plan.events.toReversed())).toBe(digest(plan.events))
  expect(digest(rest)).not.toBe(digest(plan.events))
  expect(digest([{ ...first, forecast: { kind: 'waits' } }, ...rest])).not.toBe(digest(plan.events))
  expect(digest([{ ...first, dead_at: 1 }, ...rest])).not.toBe(digest(plan.events))
})

it('where nothing is dead that is said', () => {
  expect(textOf({ events: [], not_dead: [], more: false, undecided: 0 })).toBe('Nothing of that is dead in erp-sync.')
})

it('what a sender put into names cannot steer the terminal', () => {
  const text = textOf({ ...plan, events: [planned(1, { kind: 'waits' }, { event: 'a\u001b[31m\r\n\u202eb' })] })
  expect(text).toContain('a?[31m???b')
  expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
})

const counts = { planned: 0, left: 1, running: 0, retrying: 1, waiting: 0, done: 2, stale: 1, dead_again: 1, gone: 0 }
const story: RedriveStory = {
  id: '20260101-100000-1f3a',
  state: 'given_back',
  why: 'the ERP knows the product now',
  by: 'ada',
  created_at: '2026-01-01T10:00:00.000Z',
  selection: {},
  rate_per_s: 20,
  without_prerequisite: false,
  events: 5,
  orders: 1,
  counts,
}

function item(n: number, fields: Partial<RedriveItemStory>): RedriveItemStory {
  const { gives_back: _, unsure: __, dead_at: ___, ...same } = planned(n, { kind: 'will_run', runs: [], skips: [] })
  return { ...same, state: 'done', ...fields }
}

it('a redrive is told with who, why and how far, and each event that has not ended well', () => {
  const items = [
    item(1, {}),
    item(2, { state: 'dead_again', died_of: 'permanent' }),
    item(3, { state: 'retrying', next_at: '2026-01-01T10:05:00.000Z' }),
    item(4, { state: 'left', forecast: { kind: 'waits' } }),
  ]
  const document = redriveDocument('erp-sync', story, items)
  expect(redriveText(document, PLAIN)).toBe(
    `Redrive 20260101-100000-1f3a of erp-sync: given back
  2026-01-01 10:00:00 UTC by ada: the ERP knows the product now
  5 of 5 given back: 2 done, 1 stale, 1 retrying, 1 dead again; 1 left dead
  the service goes on by itself with what has not ended
  EVENT     STATE
  captured  dead again
      order 0b5e7a52-4f0e-4a53-9d3c-2f6f3c0f7a11 (points), event id
      ${id(2)}; permanent, the target refused it for good
  captured  retrying
      order 0b5e7a52-4f0e-4a53-9d3c-2f6f3c0f7a11 (points), event id
      ${id(3)}; next attempt 2026-01-01 10:05:00 UTC
  captured  left
      order 0b5e7a52-4f0e-4a53-9d3c-2f6f3c0f7a11 (points), event id
      ${id(4)}; waits for its order: what makes its order known
      has not come: it stays dead, unless with --without-prerequisite`,
  )
  expect(redriveText(document, PLAIN, { all: true })).toContain('\n  captured  done\n')
})

it('one that was interrupted says how to go on', () => {
  const interrupted: RedriveStory = { ...story, state: 'interrupted', counts: { ...counts, planned: 9 } }
  const text = redriveText(redriveDocument('erp-sync', interrupted, []), PLAIN)
  expect(text).toContain('  5 of 14 given back: ')
  expect(text.replace(/\s+/g, ' ')).toContain('go on with: npx -y pnpm@12 hookline redrive resume 20260101-100000-1f3a')
})

it('progress is one line', () => {
  const none = { left: 0, running: 0, retrying: 0, waiting: 0, done: 0, stale: 0, dead_again: 0, gone: 0 }
  expect(progressText({ ...none, planned: 9 })).toBe('0 of 9 given back')
})
