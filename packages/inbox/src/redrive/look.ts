import type { InboxState, OrderKey } from '@hookline/consumer/loop'
import { type DeadReason, isHeld, type OrderRecord, plan } from '@hookline/delivery'
import type { Db } from 'mongodb'
import { EVENTS, REDRIVE_ITEMS } from '../collections.ts'
import { safely } from '../errors.ts'
import type { EventDocument } from '../event-document.ts'
import { eventStates } from '../event-states.ts'
import { mongoOrders } from '../orders.ts'
import { serverNow } from '../server-now.ts'
import type { RedriveItemDocument } from './document.ts'

/** How it stands with one event that was given back. */
export type ItemStatus =
  | { kind: 'ended'; state: 'done' | 'stale' | 'gone' }
  | { kind: 'ended'; state: 'dead_again'; died_of: DeadReason }
  /** Somebody works on its order, or is about to. */
  | { kind: 'running' }
  /** It was tried, and is tried again at `wakeAt`. */
  | { kind: 'retrying'; wakeAt: number }
  /** Until its order is known, or what holds it is given back. */
  | { kind: 'waiting' }

/** Of what was given back: what has ended, by the event's id, and what has not. */
export type Looked = ReadonlyMap<string, ItemStatus>

const TOGETHER = 1_000

/** Looks after what was given back and had not ended; notes what has ended since, where `note` is true. */
export function lookAfter(db: Db, id: string, { note }: { note: boolean }): Promise<Looked> {
  return safely('lookAfter', async () => {
    const collection = db.collection<RedriveItemDocument>(REDRIVE_ITEMS)
    const items = await collection.find({ redrive: id, state: 'given_back' }).sort({ n: 1 }).toArray()
    const now = await serverNow(db)
    const looked = new Map<string, ItemStatus>()
    for (let from = 0; from < items.length; from += TOGETHER) {
      const some = items.slice(from, from + TOGETHER)
      for (const [id, status] of await statusesOf(db, some, now)) looked.set(id, status)
    }
    if (note) await noteEnded(db, id, looked, now)
    return looked
  })
}

async function statusesOf(db: Db, items: readonly RedriveItemDocument[], now: number): Promise<Looked> {
  // the states after the records
  const records = await mongoOrders(db).read([...new Set(items.map(({ order }) => order))])
  const ids = items.map(({ event_id }) => event_id)
  const states = await eventStates(db.collection<EventDocument>(EVENTS), ids)
  return new Map(items.map(item => [item.event_id, statusOf(item, { records, states, now })]))
}

interface Facts {
  records: ReadonlyMap<OrderKey, OrderRecord>
  states: ReadonlyMap<string, InboxState>
  now: number
}

function statusOf({ order, event_id }: RedriveItemDocument, { records, states, now }: Facts): ItemStatus {
  const state = states.get(event_id)
  if (state === 'done' || state === 'stale') return { kind: 'ended', state }
  const record = records.get(order)
  const died = record?.dead.find(({ id }) => id === event_id)
  if (died) return { kind: 'ended', state: 'dead_again', died_of: died.reason }
  if (!record?.lane.some(({ id }) => id === event_id)) {
    return state === 'open' ? { kind: 'running' } : { kind: 'ended', state: 'gone' }
  }
  const { owner, wake_at } = record
  if (owner !== undefined || (wake_at !== undefined && wake_at <= now)) return { kind: 'running' }
  if (wake_at === undefined || isHeld(record) || plan(record).length === 0) return { kind: 'waiting' }
  return { kind: 'retrying', wakeAt: wake_at }
}

async function noteEnded(db: Db, redrive: string, looked: Looked, now: number): Promise<void> {
  const ended = [...looked].flatMap(([id, status]) => (status.kind === 'ended' ? [{ id, status }] : []))
  const groups = Map.groupBy(ended, ({ status }) => JSON.stringify(status))
  const operations = [...groups.values()].flatMap(group => {
    const [first] = group
    if (!first) return []
    const { kind: _, ...fact } = first.status
    const filter = { redrive, state: 'given_back' as const, event_id: { $in: group.map(({ id }) => id) } }
    return [{ updateMany: { filter, update: { $set: { ...fact, ended_at: new Date(now) } } } }]
  })
  if (operations.length === 0) return
  await db.collection<RedriveItemDocument>(REDRIVE_ITEMS).bulkWrite(operations, { ordered: false })
}
