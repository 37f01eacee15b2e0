import { MongoClient } from 'mongodb'
import { CONSUMERS } from './judged.ts'
import { waitFor } from '../wait-for.ts'
import type { Delivery } from './arrivals.ts'
import type { Plan, PlannedEvent } from './plan.ts'
import type { Sabotage, SabotageOptions } from './sabotage.ts'

const VICTIMS = 5
const DONE_LIMIT_MS = 30_000

/** What we read and write of an order record. */
interface OrderDocument {
  readonly _id: string
  readonly rev: number
  readonly lane: readonly unknown[]
  readonly owner?: string
  readonly floors: Readonly<Record<string, { readonly last_webhook_at: Date }>>
}

/** Between a newer and an older event of some orders the services forget what they have executed. */
export async function sabotageFloor({ stack, plan, note, signal }: SabotageOptions): Promise<Sabotage> {
  const victims = lateOldEvents(plan)
  if (victims.size === 0) throw new Error('no order of this plan ends with an older event: try another --seed')

  async function forget(late: PlannedEvent, newer: PlannedEvent): Promise<void> {
    const mongo = new MongoClient(stack.info.mongodb)
    const _id = `points:${late.order.id}`
    const orders = (service: string) => mongo.db(service).collection<OrderDocument>('orders')
    const newerIsDone = async () => {
      const order = await orders('erp-sync').findOne({ _id })
      const floor = order?.floors.order?.last_webhook_at.getTime() ?? 0
      const idle = order?.owner === undefined && order?.lane.length === 0
      return idle && floor >= newer.atMs ? true : undefined
    }
    try {
      await waitFor('the newer event at the ERP', newerIsDone, { limitMs: DONE_LIMIT_MS, signal })
      for (const service of CONSUMERS) {
        await orders(service).updateOne({ _id, owner: { $exists: false } }, { $set: { floors: {} }, $inc: { rev: 1 } })
      }
    } finally {
      await mongo.close()
    }
    note(`sabotage: the floors of order ${late.order.id} are wiped`)
  }

  return {
    async before({ event }: Delivery) {
      const newer = victims.get(event)
      if (newer === undefined) return
      victims.delete(event)
      await forget(event, newer)
    },
  }
}

/** The last event that comes of an order, where it is older than one before it; with that newer one. Only of Points. */
function lateOldEvents(plan: Plan): Map<PlannedEvent, PlannedEvent> {
  const events = plan.deliveries
    .map(({ event }) => event)
    .filter(event => event.genuine && event.order.source === 'points')
  const late = new Map<PlannedEvent, PlannedEvent>()
  for (const ofOrder of Map.groupBy(new Set(events), event => event.order).values()) {
    const last = ofOrder.at(-1)
    const newest = ofOrder.toSorted((a, b) => b.age - a.age)[0]
    if (last && newest && newest.age > last.age && late.size < VICTIMS) late.set(last, newest)
  }
  return late
}
