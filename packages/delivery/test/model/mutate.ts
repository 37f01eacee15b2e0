import type { DeadEntry, Entry, OrderRecord } from '../../src/index.ts'
import { production } from './protocol.ts'

// What mutants do to the records of the production functions.

export function change(
  record: OrderRecord | undefined,
  mutate: (record: OrderRecord) => OrderRecord,
): OrderRecord | undefined {
  return record && mutate(record)
}

export function byVersion(a: Entry, b: Entry): number {
  if (a.creating !== b.creating) return a.creating ? -1 : 1
  return a.version < b.version ? -1 : 1
}

/** Where something is begun, all is. */
export function wholeLaneBegun(record: OrderRecord): OrderRecord {
  if (record.owner === undefined) return record
  const planned = record.lane
    .toSorted(byVersion)
    .reduce((floors, e) => production.raise(floors, e, e.effects), record.floors)
  return { ...record, lane: record.lane.map(entry => ({ ...entry, begun: true as const })), planned }
}

export function planOf({ planned }: OrderRecord): Pick<OrderRecord, 'planned'> {
  return planned ? { planned } : {}
}

/** The dead hold nothing: as if they were sure. */
export function unheld(record: OrderRecord): OrderRecord {
  const freed = (entry: DeadEntry): DeadEntry => ({
    ...without(entry, 'unsure'),
    effects: entry.effects.map(effect => without(effect, 'hold')),
  })
  return { ...record, dead: record.dead.map(freed) }
}

/** The dead as they were, after a decision that did not see what they hold. */
export function heldAgain(before: OrderRecord, after: OrderRecord): OrderRecord {
  return { ...after, dead: after.dead.map(entry => before.dead.find(({ id }) => id === entry.id) ?? entry) }
}

/** A free lane that waits for nobody is looked at again. */
export function woken(record: OrderRecord, now: number): OrderRecord {
  const isLeft = record.owner === undefined && record.wake_at === undefined && record.lane.length > 0
  return isLeft ? { ...record, wake_at: now } : record
}

/** Unsure only what was before. */
export function sureAgain<T extends Entry>(before: OrderRecord, entry: T): T {
  if (before.lane.some(({ id, unsure }) => id === entry.id && unsure)) return entry
  const sure = { ...entry }
  delete sure.unsure
  return sure
}

export function without<T extends object, K extends keyof T>(
  value: T,
  ...keys: K[]
): Omit<T, K> & { [key in K]?: never } {
  const rest = { ...value }
  for (const key of keys) delete rest[key]
  return rest
}
