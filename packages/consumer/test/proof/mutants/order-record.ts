import type { Mutant } from '../mutant.ts'
import { byModel, byTest, inDelivery, inModel, mutant } from './define.ts'

const order = inDelivery('order-record.ts')

const scheduler = inModel('scheduler.ts')

/** The model's scheduler asks for itself too, twice. */
const LOOKS_AT_ALL = [
  scheduler('record?.wake_at === undefined || record.wake_at > clock(site)', 'record?.wake_at === undefined'),
  scheduler('before?.wake_at === undefined || before.wake_at > clock(site)', 'before?.wake_at === undefined'),
]

/** Guards of the pure decisions about one order: what arrives, who takes over, what a person gives back. */
export const ORDER_RECORD: readonly Mutant[] = [
  mutant('unseen: an order that needs it is not known', order('known: !needsPrerequisite', 'known: true'), byModel()),
  mutant(
    'arrive: what is in the lane does not come again',
    order('[...record.lane, ...record.dead].map', '[...record.dead].map'),
    byModel(),
  ),
  mutant(
    'arrive: what is dead does not come again',
    order('[...record.lane, ...record.dead].map', '[...record.lane].map'),
    byModel(),
  ),
  mutant(
    'arrive: an owned order is not taken',
    order(
      "if (record.owner !== undefined) return without(next, 'planned')",
      'if (record.owner !== undefined) return proceed(next, step)',
    ),
    byModel(),
  ),
  mutant(
    'arrive: planned is removed',
    order(
      "if (record.owner !== undefined) return without(next, 'planned')",
      'if (record.owner !== undefined) return next',
    ),
    byModel(),
  ),
  mutant('arrive: what backs off is not taken', order('if (plan(record).length > 0) return next', ''), byModel()),
  mutant(
    'arrive: a parked order is taken',
    order(
      'if (plan(record).length > 0) return next',
      'if (plan(record).length > 0 || record.wake_at !== undefined) return next',
    ),
    byModel(),
  ),
  mutant(
    'arrive: a lane has a cap',
    order('Math.max(0, step.policy.laneCap - record.lane.length)', 'fresh.length'),
    byModel(),
  ),
  mutant(
    'arrive: what does not fit is dead',
    order('...fresh.slice(room).map', '...[].map'),
    byTest('delivery/test/arrive.test.ts', 'takes what fits, and the rest is dead'),
  ),
  mutant(
    'arrive: the newest time rises',
    order('newest(record.last_webhook_at, fresh)', 'record.last_webhook_at'),
    byModel(),
  ),
  mutant(
    'takeOver: only when due',
    [order(' || record.wake_at > step.now) return undefined', ') return undefined'), ...LOOKS_AT_ALL],
    byModel(),
  ),
  mutant(
    'takeOver: a lease only when it ran out',
    [
      order(
        'record.wake_at > step.now) return undefined',
        '(!record.owner && record.wake_at > step.now)) return undefined',
      ),
      ...LOOKS_AT_ALL,
    ],
    byModel(),
  ),
  mutant(
    'takeOver: what the inbox says is over leaves',
    order('if (finished.has(entry.id)) {', 'if (false) {'),
    byModel(330),
  ),
  mutant(
    'takeOver: also what is not begun',
    order('if (finished.has(entry.id)) {', 'if (entry.begun && finished.has(entry.id)) {'),
    byTest('delivery/test/take-over.test.ts', 'what the inbox says is over leaves, begun or not'),
  ),
  mutant(
    'takeOver: what is over raises its floors',
    order('floors = raise(floors, entry, entry.effects)', ''),
    byModel(),
  ),
  mutant('takeOver: a creating event that is over makes known', order('known ||= entry.creating', ''), byModel()),
  mutant(
    'takeOver: what was begun is unsure',
    order('lost_leases: entry.lost_leases + 1, unsure: true }', 'lost_leases: entry.lost_leases + 1 }'),
    byModel(),
  ),
  mutant(
    'takeOver: what was begun is not begun any more',
    order("...without(entry, 'begun'), lost_leases", '...entry, lost_leases'),
    byModel(),
  ),
  mutant(
    'takeOver: counts a lost lease',
    order('lost_leases: entry.lost_leases + 1', 'lost_leases: entry.lost_leases'),
    byModel(),
  ),
  mutant(
    'takeOver: who lost too many is dead',
    order('lost.lost_leases >= step.policy.maxLostLeases', 'false'),
    byModel(),
  ),
  mutant(
    'takeOver: only what was begun lost its lease',
    order('} else if (entry.begun) {', '} else if (true) {'),
    byModel(),
  ),
  mutant(
    'redrive: unsure stays',
    order('outages: ____, answer: _____, ...entry }', 'outages: ____, answer: _____, unsure: ______, ...entry }'),
    byModel(),
  ),
  mutant('redrive: wakes', order('{ ...next, wake_at: options.now }', 'next'), byModel()),
  mutant('redrive: planned is removed', order(": without(next, 'planned')", ': next'), byModel()),
  mutant(
    'redrive: an owned order keeps its lease',
    order('record.owner === undefined ? { ...next', 'true ? { ...next'),
    byModel(),
  ),
  mutant(
    'redrive: without the prerequisite makes known',
    order('record.known || options.withoutPrerequisite === true', 'record.known'),
    byModel(),
  ),
  mutant(
    'redrive: tries afresh',
    order('...entry, tries: 0, lost_leases', '...entry, lost_leases'),
    byTest('delivery/test/redrive.test.ts', 'gives the chosen dead back to the lane, afresh, and wakes the order'),
  ),
  mutant(
    'redrive: lost leases afresh',
    order('tries: 0, lost_leases: 0, since', 'tries: 0, since'),
    byTest('delivery/test/redrive.test.ts', 'gives the chosen dead back to the lane, afresh, and wakes the order'),
  ),
  mutant(
    'redrive: the time of its own tries afresh',
    order('tried_ms: ___, ', ''),
    byTest('delivery/test/redrive.test.ts', 'gives the chosen dead back to the lane, afresh, and wakes the order'),
  ),
  mutant(
    'redrive: waits afresh for its order',
    order('lost_leases: 0, since: now, ', 'lost_leases: 0, '),
    byTest('delivery/test/redrive.test.ts', 'gives the chosen dead back to the lane, afresh, and wakes the order'),
  ),
  mutant(
    'redrive: of what came after a terminal event lets it pass',
    order("reason === 'after_terminal' &&", 'false &&'),
    byModel(),
  ),
  mutant('redrive: of anything else lets nothing pass', order("reason === 'after_terminal' &&", 'true &&'), byModel()),
]
