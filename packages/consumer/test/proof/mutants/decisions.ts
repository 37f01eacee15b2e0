import type { Mutant } from '../mutant.ts'
import { byModel, byTest, inDelivery, inModel, mutant } from './define.ts'

const floors = inDelivery('floors.ts')
const order = inDelivery('order-record.ts')
const proceed = inDelivery('proceed.ts')

const scheduler = inModel('scheduler.ts')

/** The model's scheduler asks for itself too, twice. */
const LOOKS_AT_ALL = [
  scheduler('record?.wake_at === undefined || record.wake_at > clock(site)', 'record?.wake_at === undefined'),
  scheduler('before?.wake_at === undefined || before.wake_at > clock(site)', 'before?.wake_at === undefined'),
]

const PLAN = 'const run = unsure ? [unsure] : lane'

/** Guards of the pure decisions: what may run, what arrives, who takes over, what a person gives back. */
export const DECISIONS: readonly Mutant[] = [
  mutant(
    'judge: an older snapshot is stale',
    floors("if (entry.version < floor.version) return 'stale'", ''),
    byModel(),
  ),
  mutant('judge: nothing passes a terminal floor', floors('floor.terminal && !passesTerminal ?', 'false ?'), byModel()),
  mutant(
    'judge: a terminal event passes a terminal floor',
    floors('effect.terminal || entry.rel', 'entry.rel'),
    byTest('delivery/test/floors.test.ts', 'a terminal event passes a terminal floor'),
  ),
  mutant('judge: what a person let pass passes', floors('entry.released_by_person ||', ''), byModel()),
  mutant(
    'judge: the event that made a floor terminal may be repeated',
    floors(' || entry.version === floor.version', ''),
    { kind: 'nothing', why: 'the same event has the same effects: it is terminal itself' },
  ),
  mutant(
    'judge: policy `every` has no floor',
    floors(
      "if (effect.floor === undefined) return 'run'",
      "if (effect.floor === undefined) { if (Object.values(floors).some(f => f.version > entry.version)) return 'stale'; return 'run' }",
    ),
    byModel(),
  ),
  mutant(
    'judge: the floor is that of the effect',
    floors('floors[effect.floor]', 'Object.values(floors).toSorted((a, b) => a.version < b.version ? 1 : -1)[0]'),
    byModel(),
  ),
  mutant('raise: a floor never falls', floors('if (floor && floor.version > entry.version) continue', ''), byModel()),
  mutant(
    'raise: a terminal effect makes its floor terminal',
    floors('const staysTerminal = terminal || ', 'const staysTerminal = '),
    byModel(),
  ),
  mutant(
    'raise: repeating what made a floor terminal leaves it terminal',
    floors('(floor?.version === entry.version && floor.terminal)', 'false'),
    byTest('delivery/test/floors.test.ts', 'repeating what made a floor terminal leaves it terminal'),
  ),

  mutant('plan: by version', proceed('a.version < b.version ? -1 : a.version > b.version ? 1 : 0', '0'), byModel()),
  mutant(
    'plan: the creating event first',
    proceed('if (a.creating !== b.creating) return a.creating ? -1 : 1', ''),
    byModel(),
  ),
  mutant('plan: parked waits', proceed('return record.known || run[0]?.creating ? run : []', 'return run'), byModel()),
  mutant('plan: an unsure one first, and alone', proceed(PLAN, 'const run = lane'), byModel()),
  mutant(
    'plan: an unsure one alone, not only first',
    proceed(PLAN, 'const run = unsure ? [unsure, ...lane.filter(e => e !== unsure)] : lane'),
    byModel(),
  ),
  mutant(
    'plan: the unsure ones one at a time',
    proceed(PLAN, 'const run = unsure ? lane.filter(e => e.unsure) : lane'),
    byModel(),
  ),
  mutant(
    'plan: the unsure one before the creating event',
    proceed(PLAN, 'const run = unsure ? lane.slice(0, 1) : lane'),
    byModel(),
  ),
  mutant(
    'plan: nothing passes what holds',
    proceed('if (isHeld(record) || record.lane.length === 0) return []', 'if (record.lane.length === 0) return []'),
    byModel(),
  ),
  mutant('held: by an unsure snapshot', proceed(' || (entry.unsure && effect.floor !== undefined)', ''), byModel()),
  mutant('held: by declaration', proceed('effect.hold || ', ''), byModel()),
  mutant(
    'held: not by an unsure fact',
    proceed('(entry.unsure && effect.floor !== undefined)', 'entry.unsure'),
    byModel(),
  ),
  mutant(
    'held: not by a sure snapshot',
    proceed('(entry.unsure && effect.floor !== undefined)', 'effect.floor !== undefined'),
    byModel(),
  ),

  mutant('proceed: the run list is begun', proceed('{ ...entry, begun: true as const }', 'entry'), byModel()),
  mutant(
    'proceed: planned is the floors after the lane',
    proceed('planned: floorsAfter(claimed)', 'planned: claimed.floors'),
    byModel(),
  ),
  mutant(
    'proceed: planned only where the whole lane runs',
    proceed('if (run.size < claimed.lane.length) return claimed', ''),
    byModel(),
  ),
  mutant('proceed: planned is removed', proceed("'owner', 'planned', 'wake_at'", "'owner', 'wake_at'"), byModel()),
  mutant('proceed: wake_at is removed', proceed("'owner', 'planned', 'wake_at'", "'owner', 'planned'"), byModel()),
  mutant('proceed: the owner is removed', proceed("'owner', 'planned', 'wake_at'", "'planned', 'wake_at'"), byModel()),
  mutant(
    'proceed: the lease is set',
    proceed('wake_at: step.now + step.policy.leaseMs', 'wake_at: record.wake_at ?? step.now'),
    byModel(),
  ),
  mutant(
    'proceed: a held lane does not age',
    proceed(
      'return isHeld(free) || free.lane.length === 0 ? free',
      "return (isHeld(free) && step.policy.onParkExpired === 'run') || free.lane.length === 0 ? free",
    ),
    byModel(),
  ),
  mutant('park: has a limit', proceed('step.now >= entry.since + parkMaxMs', 'false'), byModel()),
  mutant('park: not before its limit', proceed('step.now >= entry.since + parkMaxMs', 'true'), byModel()),
  mutant(
    'park: wakes at its limit',
    proceed(
      'return { ...parked, wake_at: Math.min(...waiting.map(entry => entry.since)) + parkMaxMs }',
      'return parked',
    ),
    byModel(),
  ),
  mutant(
    'park: wakes for the one that waited longest',
    proceed('Math.min(...waiting', 'Math.max(...waiting'),
    byModel(),
  ),

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
    byModel(),
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
