import type { OrderRecord } from '@hookline/delivery'
import { isFinished, type Lane, runList } from './lane.ts'
import type { Observer } from './observer.ts'
import type { OrderKey } from './ports.ts'

/** One line per event that was attempted: every decision in it. */
export function tellAttempts(observer: Observer, lane: Lane): void {
  for (const entry of runList(lane.record)) {
    const outcomes = lane.outcomes.get(entry.id)
    if (!outcomes) continue
    const kinds = [...outcomes.values()].map(({ kind }) => kind)
    const messages = [...outcomes.values()].flatMap(outcome => ('message' in outcome ? [outcome.message] : []))
    const detail = lane.notes.get(entry.id) ?? messages[0]
    const over = kinds.length > 0 && kinds.every(kind => kind === 'stale') ? 'stale' : 'done'
    observer.event({
      order: lane.lease.key,
      event: entry.event,
      version: entry.version,
      outcome: isFinished(entry, lane) ? over : 'unfinished',
      effects: Object.fromEntries([...outcomes].map(([name, { kind }]) => [name, kind])),
      tries: entry.tries + entry.lost_leases + 1,
      ...(detail !== undefined && { detail }),
    })
  }
}

/** What a decision gave up. */
export function tellBuried(observer: Observer, order: OrderKey, before: OrderRecord, after: OrderRecord): void {
  for (const dead of after.dead.slice(before.dead.length)) {
    observer.count('entries_dead', 1, { reason: dead.reason })
    observer.warn({ order, event: dead.event, reason: dead.reason, detail: dead.last_error }, 'event is dead')
  }
}
