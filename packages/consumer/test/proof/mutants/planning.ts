import type { Mutant } from '../mutant.ts'
import { byModel, byTest, inDelivery, mutant } from './define.ts'

const floors = inDelivery('floors.ts')
const proceed = inDelivery('proceed.ts')

const PLAN = 'const run = unsure ? [unsure] : lane'

/** Guards of the pure decisions about what may run: floors, plan, held, parked. */
export const PLANNING: readonly Mutant[] = [
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
    byTest('delivery/test/floors.test.ts', 'the event that made a floor terminal may be repeated'),
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
]
