import type { InboxState, OrderKey } from '@hookline/consumer/loop'
import {
  chooseForRedrive,
  type DeadReason,
  type Forecast,
  type InboxStates,
  type OrderRecord,
} from '@hookline/delivery'
import type { Db } from 'mongodb'
import { EVENTS, ORDERS } from '../collections.ts'
import { type DeadSelection, isMeant, ordersWithDead, redrivable } from '../dead-selection.ts'
import { safely } from '../errors.ts'
import type { EventDocument } from '../event-document.ts'
import { eventStates } from '../event-states.ts'
import { type OrderDocument, toOrderRecord } from '../order-document.ts'

export interface PlanOptions {
  selection: DeadSelection
  /** Events at most; an order is never cut, so that the first may be more. */
  limit: number
  /** Orders count as known from then on. */
  withoutPrerequisite?: boolean
}

/** What a redrive would do now. Nothing is stored. */
export interface RedrivePlan {
  /** What died first comes first; events of one order stand together, in the order in which they run. */
  events: readonly PlannedEvent[]
  /** Of the ids that were asked for, those that are not dead, or not as they are selected. */
  not_dead: readonly NotDead[]
  /** There are more than the limit. */
  more: boolean
  /** Dead `after_terminal` that the selection would mean too: they are taken only where they are asked for. */
  undecided: number
}

export interface PlannedEvent {
  order: OrderKey
  id: string
  event: string
  version: string
  reason: DeadReason
  /** Milliseconds, server's clock. */
  dead_at: number
  /** An attempt may have executed: its target sees the same key once more. */
  unsure: boolean
  forecast: Forecast
  /** False: it stays dead. */
  gives_back: boolean
}

/** `open`: in the lane of its order, or dead and not selected. `unknown`: the inbox has no such event. */
export interface NotDead {
  id: string
  state: InboxState | 'unknown'
}

/** Orders of which records and then states are read together. */
const TOGETHER = 200

export function planRedrive(db: Db, options: PlanOptions): Promise<RedrivePlan> {
  return safely('planRedrive', async () => {
    const { limit } = options
    const selection = redrivable(options.selection)
    const found = db.collection<OrderDocument>(ORDERS).find(ordersWithDead(selection)).sort({ 'dead.dead_at': 1 })
    const events: PlannedEvent[] = []
    let batch: Chosen[] = []
    let count = 0
    let more = false
    const planBatch = async () => {
      events.push(...(await planOrders(db, batch, options)))
      batch = []
    }
    for await (const document of found) {
      const chosen = chosenOf(document, selection)
      more = count > 0 && count + chosen.ids.size > limit
      if (more) break
      count += chosen.ids.size
      batch.push(chosen)
      if (batch.length === TOGETHER) await planBatch()
    }
    await planBatch()
    const dead = new Set(events.map(({ id }) => id))
    const others = more ? [] : (selection.ids ?? []).filter(id => !dead.has(id))
    return {
      events,
      not_dead: await notDead(db, others),
      more,
      undecided: await countUndecided(db, options.selection, selection),
    }
  })
}

interface Chosen {
  order: OrderKey
  record: OrderRecord
  ids: ReadonlySet<string>
}

function chosenOf(document: OrderDocument, selection: DeadSelection): Chosen {
  const record = toOrderRecord(document)
  const ids = record.dead.filter(entry => isMeant(selection, entry, document)).map(({ id }) => id)
  return { order: document._id, record, ids: new Set(ids) }
}

async function planOrders(db: Db, batch: readonly Chosen[], options: PlanOptions): Promise<readonly PlannedEvent[]> {
  // the states after the records
  const states = await eventStates(db.collection<EventDocument>(EVENTS), batch.flatMap(idsToAsk))
  return batch.flatMap(chosen => planOrder(chosen, states, options))
}

/** Of everything that a redrive of these may run. */
export function idsToAsk({ record, ids }: { record: OrderRecord; ids: ReadonlySet<string> }): readonly string[] {
  return [...record.lane.map(({ id }) => id), ...ids]
}

function planOrder(
  { order, record, ids }: Chosen,
  states: InboxStates,
  { withoutPrerequisite = false }: PlanOptions,
): readonly PlannedEvent[] {
  const { giveBack, forecasts } = chooseForRedrive(record, ids, { states, withoutPrerequisite })
  return record.dead
    .toSorted((a, b) => (a.version < b.version ? -1 : 1))
    .flatMap((entry): PlannedEvent[] => {
      const forecast = forecasts.get(entry.id)
      if (!forecast) return []
      const { id, event, version, reason, dead_at, unsure = false } = entry
      return [{ order, id, event, version, reason, dead_at, unsure, forecast, gives_back: giveBack.has(id) }]
    })
}

async function notDead(db: Db, ids: readonly string[]): Promise<readonly NotDead[]> {
  const states = await eventStates(db.collection<EventDocument>(EVENTS), ids)
  return ids.map(id => ({ id, state: states.get(id) ?? 'unknown' }))
}

async function countUndecided(db: Db, asked: DeadSelection, taken: DeadSelection): Promise<number> {
  if (taken === asked) return 0
  const selection: DeadSelection = { ...asked, reasons: ['after_terminal'] }
  const orders = db.collection<OrderDocument>(ORDERS).find(ordersWithDead(selection))
  let count = 0
  for await (const document of orders) count += chosenOf(document, selection).ids.size
  return count
}
