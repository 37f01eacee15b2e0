import { raise } from './floors.ts'
import { floorsAfter } from './proceed.ts'
import type { EffectState, Entry, OrderRecord } from './record.ts'

/** An effect of a begun entry that is done, and what it returned to be kept. */
export interface DoneEffect {
  id: string
  effect: string
  state?: EffectState
}

/**
 * E: an effect that keeps a state, or that is made in a transaction with this very write, is done. It leaves its entry and
 * raises its floor at once: before F, or who takes over would know that it is done, and not what it returned.
 * `stored`: it is so already, by a write without an answer. `lost`: the owner is somebody else.
 */
export function progress(record: OrderRecord, done: DoneEffect, token: string): OrderRecord | 'stored' | 'lost' {
  if (record.owner !== token) return 'lost'
  const entry = record.lane.find(({ id }) => id === done.id)
  const effects = entry?.effects.filter(({ name }) => name === done.effect) ?? []
  if (!entry || effects.length === 0) return 'stored'
  const left: Entry = { ...entry, effects: entry.effects.filter(effect => !effects.includes(effect)) }
  const next: OrderRecord = {
    ...record,
    rev: record.rev + 1,
    floors: raise(record.floors, entry, effects, done.state),
    lane: record.lane.map(other => (other === entry ? left : other)),
  }
  return record.planned ? { ...next, planned: floorsAfter(next) } : next
}
