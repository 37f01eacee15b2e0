import { randomUUID } from 'node:crypto'
import { type Db, ObjectId } from 'mongodb'
import { REDRIVE_ITEMS, REDRIVES } from '../collections.ts'
import type { DeadSelection } from '../dead-selection.ts'
import { safely } from '../errors.ts'
import { serverNow } from '../server-now.ts'
import type { RedriveDocument, RedriveItemDocument, StoredSelection } from './document.ts'
import type { RedrivePlan } from './plan.ts'

export interface RedriveDecision {
  why: string
  by: string
  /** Events to give back in a second, at most. */
  ratePerS: number
  selection: DeadSelection
  withoutPrerequisite?: boolean
}

/** Stores what a person decided; nothing is given back yet. Resolves with the redrive's id. */
export async function storeRedrive(db: Db, plan: RedrivePlan, decision: RedriveDecision): Promise<string> {
  const now = new Date(await serverNow(db))
  const id = redriveId(now)
  const places = new Map([...new Set(plan.events.map(({ order }) => order))].map((order, n) => [order, n]))
  const items = plan.events.map(
    ({ order, id: event_id, event, version, reason, dead_at, forecast, gives_back }): RedriveItemDocument => ({
      _id: new ObjectId(),
      redrive: id,
      n: places.get(order) ?? 0,
      order,
      event_id,
      event,
      version,
      reason,
      dead_at: new Date(dead_at),
      forecast,
      state: gives_back ? 'planned' : 'left',
    }),
  )
  const planned = items.filter(({ state }) => state === 'planned')
  const document: RedriveDocument = {
    _id: id,
    state: 'running',
    why: decision.why,
    by: decision.by,
    created_at: now,
    selection: storedSelection(decision.selection),
    rate_per_s: decision.ratePerS,
    without_prerequisite: decision.withoutPrerequisite ?? false,
    events: planned.length,
    orders: new Set(planned.map(({ order }) => order)).size,
  }
  return safely('storeRedrive', async () => {
    // its events first: a redrive that is there is whole
    if (items.length > 0) await db.collection<RedriveItemDocument>(REDRIVE_ITEMS).insertMany(items)
    await db.collection<RedriveDocument>(REDRIVES).insertOne(document)
    return id
  })
}

/** Tells when, and can be read out: `20260101-100000-1f3a`. */
function redriveId(now: Date): string {
  const at = now.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15)
  return `${at}-${randomUUID().slice(0, 4)}`
}

function storedSelection({ deadAfter, deadBefore, ...same }: DeadSelection): StoredSelection {
  return {
    ...same,
    ...(deadAfter !== undefined && { dead_after: new Date(deadAfter) }),
    ...(deadBefore !== undefined && { dead_before: new Date(deadBefore) }),
  }
}
