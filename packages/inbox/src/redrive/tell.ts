import type { OrderKey } from '@hookline/consumer/loop'
import type { DeadReason, Forecast } from '@hookline/delivery'
import type { Db } from 'mongodb'
import { REDRIVE_ITEMS, REDRIVES } from '../collections.ts'
import { safely } from '../errors.ts'
import { serverNow } from '../server-now.ts'
import type {
  RedriveDocument,
  RedriveItemDocument,
  RedriveItemState,
  RedriveState,
  StoredSelection,
} from './document.ts'
import { type ItemStatus, lookAfter } from './look.ts'
import { progressOf, type RedriveCounts } from './progress.ts'

/** A redrive, for people. Times are ISO-8601. */
export interface RedriveStory {
  id: string
  /** `interrupted`: its runner is gone, and events are still to be given back. */
  state: RedriveState | 'interrupted'
  why: string
  by: string
  created_at: string
  ended_at?: string
  /** Who works on it now. */
  runner?: string
  selection: StoredSelection
  rate_per_s: number
  without_prerequisite: boolean
  events: number
  orders: number
  counts: RedriveCounts
}

/** One event of a redrive, for people. */
export interface RedriveItemStory {
  order: OrderKey
  id: string
  event: string
  version: string
  /** Why it had died. */
  reason: DeadReason
  forecast: Forecast
  state: RedriveItemState | Exclude<ItemStatus['kind'], 'ended'>
  /** Why it died once more. */
  died_of?: DeadReason
  given_back_at?: string
  /** When it is tried again. */
  next_at?: string
}

/** The newest first. */
export function redrives(db: Db, { limit }: { limit: number }): Promise<readonly RedriveStory[]> {
  return safely('redrives', async () => {
    const found = await db.collection<RedriveDocument>(REDRIVES).find().sort({ _id: -1 }).limit(limit).toArray()
    const now = await serverNow(db)
    return Promise.all(found.map(document => storyOf(db, document, now)))
  })
}

/** undefined: there is none of that id. */
export function redriveStory(db: Db, id: string): Promise<RedriveStory | undefined> {
  return safely('redriveStory', async () => {
    const document = await db.collection<RedriveDocument>(REDRIVES).findOne({ _id: id })
    return document ? storyOf(db, document, await serverNow(db)) : undefined
  })
}

/** In the order in which they are given back. */
export function redriveItems(db: Db, id: string): Promise<readonly RedriveItemStory[]> {
  return safely('redriveItems', async () => {
    const looked = await lookAfter(db, id, { note: false })
    const items = db.collection<RedriveItemDocument>(REDRIVE_ITEMS).find({ redrive: id })
    const stored = await items.sort({ n: 1, version: 1 }).toArray()
    return stored.map(item => itemOf(item, looked.get(item.event_id)))
  })
}

async function storyOf(db: Db, document: RedriveDocument, now: number): Promise<RedriveStory> {
  const { _id: id, created_at, ended_at, runner, pause_asked_by: _, ...same } = document
  const runs = runner !== undefined && runner.until.getTime() > now
  return {
    ...same,
    id,
    state: same.state === 'running' && !runs ? 'interrupted' : same.state,
    created_at: created_at.toISOString(),
    ...(ended_at && { ended_at: ended_at.toISOString() }),
    ...(runs && { runner: runner.name }),
    counts: await progressOf(db, id, { note: false }),
  }
}

function itemOf(item: RedriveItemDocument, now: ItemStatus | undefined): RedriveItemStory {
  const { order, event_id, event, version, reason, forecast, given_back_at } = item
  const died_of = now?.kind === 'ended' && now.state === 'dead_again' ? now.died_of : item.died_of
  const status = now?.kind === 'ended' ? now.state : now?.kind
  return {
    order,
    id: event_id,
    event,
    version,
    reason,
    forecast,
    state: item.state === 'given_back' ? (status ?? item.state) : item.state,
    ...(died_of !== undefined && { died_of }),
    ...(given_back_at && { given_back_at: given_back_at.toISOString() }),
    ...(now?.kind === 'retrying' && { next_at: new Date(now.wakeAt).toISOString() }),
  }
}

/** That an event was given back: by which redrive, by whom and why. */
export interface Redriven {
  redrive: string
  by: string
  why: string
  at: string
}

/** The last redrive of each event of these orders, by the event's id. */
export function redrivenOf(db: Db, orders: readonly OrderKey[]): Promise<ReadonlyMap<string, Redriven>> {
  return safely('redrivenOf', async () => {
    const given = { order: { $in: [...orders] }, given_back_at: { $exists: true } }
    const items = await db
      .collection<RedriveItemDocument>(REDRIVE_ITEMS)
      .find(given)
      .sort({ given_back_at: 1 })
      .toArray()
    const ids = [...new Set(items.map(({ redrive }) => redrive))]
    const found = await db
      .collection<RedriveDocument>(REDRIVES)
      .find({ _id: { $in: ids } })
      .toArray()
    const documents = new Map(found.map(document => [document._id, document]))
    return new Map(
      items.flatMap(({ event_id, redrive, given_back_at }) => {
        const document = documents.get(redrive)
        if (!document || !given_back_at) return []
        return [[event_id, { redrive, by: document.by, why: document.why, at: given_back_at.toISOString() }]]
      }),
    )
  })
}
