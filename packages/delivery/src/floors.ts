import type { EffectState, Entry, Floor, Floors, LaneEffect } from './record.ts'

/** What the floors say of one effect of an entry. */
export type Verdict = 'run' | 'stale' | 'after_terminal'

/** Whether an effect still has anything to do, by the floor of that effect alone. */
export function judge(effect: LaneEffect, entry: Entry, floors: Floors): Verdict {
  if (effect.floor === undefined) return 'run'
  const floor = floors[effect.floor]
  if (!floor) return 'run'
  if (entry.version < floor.version) return 'stale'
  const passesTerminal = effect.terminal || entry.released_by_person || entry.version === floor.version
  return floor.terminal && !passesTerminal ? 'after_terminal' : 'run'
}

/**
 * The floors after these effects of the entry are done. Never lowers one. `state`: what they returned to be kept; otherwise
 * what was kept stays.
 */
export function raise(floors: Floors, entry: Entry, effects: readonly LaneEffect[], state?: EffectState): Floors {
  const raised: Record<string, Floor> = { ...floors }
  for (const { floor: key, terminal } of effects) {
    if (key === undefined) continue
    const floor = raised[key]
    if (floor && floor.version > entry.version) continue
    const kept = state ?? floor?.state
    const staysTerminal = terminal || (floor?.version === entry.version && floor.terminal)
    raised[key] = {
      version: entry.version,
      last_webhook_at: entry.last_webhook_at,
      ...(staysTerminal && { terminal: true as const }),
      ...(kept && { state: kept }),
    }
  }
  return raised
}
