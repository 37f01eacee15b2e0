import type { Db } from 'mongodb'
import { EVENTS, ORDERS } from './collections.ts'
import { type DeadEvent, deadEventOf } from './dead-events.ts'
import { safely } from './errors.ts'
import { type EventDocument, objectIds } from './event-document.ts'
import { type OrderDocument, toOrderRecord } from './order-document.ts'
import { type Redriven, redrivenOf } from './redrive/tell.ts'

/** All that is known of one dead event. Times are ISO-8601. */
export interface DeadEventStory extends DeadEvent {
  occurrence: string
  received_at: string
  accepted_at: string
  /** Its last redrive, after which it died once more. */
  redriven?: Redriven
  /** The whole event as it came, only where it is asked for: it is personal data. */
  raw?: { headers: Readonly<Record<string, string>>; body: string }
}

export type FoundEvent =
  | { kind: 'dead'; event: DeadEventStory }
  | { kind: 'not dead'; source: string; order_id: string; event: string; state: EventDocument['state'] }

/** By the event's id in the inbox; undefined: the inbox has none of that id. */
export function deadEvent(db: Db, id: string, { withBody }: { withBody: boolean }): Promise<FoundEvent | undefined> {
  return safely('deadEvent', async () => {
    const [_id] = objectIds([id])
    const projection = withBody ? {} : { body: 0, headers: 0 }
    const stored = _id && (await db.collection<EventDocument>(EVENTS).findOne({ _id }, { projection }))
    if (!stored) return undefined
    const { source, order_id, event, state, occurrence, received_at, accepted_at, headers, body } = stored
    const key = `${source}:${order_id}`
    const order = await db.collection<OrderDocument>(ORDERS).findOne({ _id: key })
    const entry = order && toOrderRecord(order).dead.find(entry => entry.id === id)
    if (!entry) return { kind: 'not dead', source, order_id, event, state }
    const redriven = (await redrivenOf(db, [key])).get(id)
    const story: DeadEventStory = {
      ...deadEventOf(entry, { source, order_id }),
      occurrence,
      received_at: received_at.toISOString(),
      accepted_at: accepted_at.toISOString(),
      ...(redriven && { redriven }),
      ...(withBody && { raw: { headers, body } }),
    }
    return { kind: 'dead', event: story }
  })
}
