import { raise } from './floors.ts'
import type { Step } from './policy.ts'
import { buried, plan, proceed } from './proceed.ts'
import type { DeadEntry, Entry, OrderRecord } from './record.ts'
import { without } from './without.ts'

// Every decision takes the record as it was read and gives the record to write where its `rev` still matches, or
// undefined: nothing to write.

/** B: events that are open in the inbox come to their order. `record`: as read BEFORE the inbox said that they are open. */
export function arrive(record: OrderRecord, entries: readonly Entry[], step: Step): OrderRecord | undefined {
  const here = new Set([...record.lane, ...record.dead].map(entry => entry.id))
  const fresh = entries.filter(entry => !here.has(entry.id))
  if (fresh.length === 0) return undefined
  const room = Math.max(0, step.policy.laneCap - record.lane.length)
  const next: OrderRecord = {
    ...record,
    rev: record.rev + 1,
    last_webhook_at: newest(record.last_webhook_at, fresh),
    lane: [...record.lane, ...fresh.slice(0, room)],
    dead: [...record.dead, ...fresh.slice(room).map(entry => buried(entry, 'lane_full', step.now))],
  }
  if (record.owner !== undefined) return without(next, 'planned') // its owner will see that there is more
  if (plan(record).length > 0) return next // it backs off: its time is not come
  return proceed(next, step)
}

/** An order of which nothing is stored yet. */
export function unseen(needsPrerequisite: boolean): OrderRecord {
  return { rev: 0, known: !needsPrerequisite, last_webhook_at: '', floors: {}, lane: [], dead: [] }
}

/** S: `wake_at` is due. `finished`: ids of the lane that are done or stale in the inbox, read AFTER the record. */
export function takeOver(record: OrderRecord, finished: ReadonlySet<string>, step: Step): OrderRecord | undefined {
  if (record.wake_at === undefined || record.wake_at > step.now) return undefined
  let { floors, known } = record
  const lane: Entry[] = []
  const dead = [...record.dead]
  for (const entry of record.lane) {
    if (finished.has(entry.id)) {
      floors = raise(floors, entry, entry.effects)
      known ||= entry.creating
    } else if (entry.begun) {
      const lost: Entry = { ...without(entry, 'begun'), lost_leases: entry.lost_leases + 1, unsure: true }
      if (lost.lost_leases >= step.policy.maxLostLeases) dead.push(buried(lost, 'kills_its_worker', step.now))
      else lane.push(lost)
    } else lane.push(entry)
  }
  return proceed({ ...record, rev: record.rev + 1, known, floors, lane, dead }, step)
}

/** A person: dead entries go back to the lane. `withoutPrerequisite`: the order counts as known from now on. */
export function redrive(
  record: OrderRecord,
  ids: ReadonlySet<string>,
  options: { now: number; withoutPrerequisite?: boolean },
): OrderRecord | undefined {
  const back = record.dead.filter(entry => ids.has(entry.id))
  if (back.length === 0) return undefined
  const next: OrderRecord = {
    ...record,
    rev: record.rev + 1,
    known: record.known || options.withoutPrerequisite === true,
    dead: record.dead.filter(entry => !ids.has(entry.id)),
    lane: [...record.lane, ...back.map(entry => revived(entry, options.now))],
  }
  return record.owner === undefined ? { ...next, wake_at: options.now } : without(next, 'planned')
}

function revived(dead: DeadEntry, now: number): Entry {
  const { reason, dead_at: _, first_tried_at: __, tried_ms: ___, outages: ____, answer: _____, ...entry } = dead
  const decided = reason === 'after_terminal' && { released_by_person: true as const }
  return { ...entry, tries: 0, lost_leases: 0, since: now, ...decided }
}

function newest(known: string, entries: readonly Entry[]): string {
  return entries.reduce((newest, entry) => (entry.last_webhook_at > newest ? entry.last_webhook_at : newest), known)
}
