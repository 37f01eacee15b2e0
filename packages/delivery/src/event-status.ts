import { holds, plan } from './proceed.ts'
import type { DeadEntry, Entry, OrderRecord } from './record.ts'

/** What a person is told of an event in a service. */
export type EventState = 'done' | 'stale' | 'parked' | 'retrying' | 'running' | 'dead'

export interface EventStatus {
  state: EventState
  /** Why it is so, in words that hold no personal data: a handler's note, an error, what it waits for. */
  reason?: string
  /** When something happens to it without anybody doing anything, milliseconds by the server's clock. */
  nextAt?: number
}

/** What makes an order known where the record does not name it. */
const USUAL_PREREQUISITE = 'order.created'

/** The state of one event. `record`: its order's, as read before the inbox was. `now`: ms, server's clock. */
export function statusOf(
  event: { id: string; state: 'open' | 'done' | 'stale'; note?: string },
  record: OrderRecord | undefined,
  now: number,
): EventStatus {
  if (event.state !== 'open') return { state: event.state, ...(event.note !== undefined && { reason: event.note }) }
  const dead = record?.dead.find(({ id }) => id === event.id)
  if (dead) return { state: 'dead', reason: dead.reason }
  const entry = record?.lane.find(({ id }) => id === event.id)
  if (!record || !entry) return { state: 'retrying', reason: 'is not in the lane of its order yet' }
  return inLane(entry, record, now)
}

function inLane(entry: Entry, record: OrderRecord, now: number): EventStatus {
  const isOwned = record.owner !== undefined
  if (isOwned && entry.begun) return running(record, now)
  const holder = record.dead.find(holds)
  if (holder) return { state: 'retrying', reason: `held by dead ${holder.event}` }
  // nobody looks at wake_at for this entry while a worker has the order: it is the end of that worker's lease
  const next = isOwned || record.wake_at === undefined ? {} : { nextAt: record.wake_at }
  const first = isOwned ? record.lane.find(({ begun }) => begun) : plan(record)[0]
  if (!record.known && (!entry.creating || !first)) return { state: 'parked', reason: waitsFor(record), ...next }
  if (first && first.id !== entry.id) return { state: 'retrying', reason: `waits behind ${first.event}`, ...next }
  return { state: 'retrying', reason: entry.last_error || 'waits for its next attempt', ...next }
}

function running({ wake_at }: OrderRecord, now: number): EventStatus {
  if (wake_at === undefined || now < wake_at) return { state: 'running' }
  return { state: 'running', reason: 'its worker lost the lease, another takes over', nextAt: wake_at }
}

function waitsFor({ lane, dead }: OrderRecord): string {
  const isCreating = ({ creating }: Entry | DeadEntry) => creating
  const given = dead.find(isCreating)
  if (given) return `waits for ${given.event}, which is dead`
  return `waits for ${lane.find(isCreating)?.event ?? USUAL_PREREQUISITE}`
}
