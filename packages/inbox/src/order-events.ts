import { catalogues } from '@hookline/contracts'
import { type Entry, type EventState, type OrderRecord, statusOf } from '@hookline/delivery'
import type { Db } from 'mongodb'
import { EVENTS, ORDERS } from './collections.ts'
import { safely } from './errors.ts'
import type { EventDocument } from './event-document.ts'
import { type OrderDocument, toOrderRecord } from './order-document.ts'
import { type Redriven, redrivenOf } from './redrive/tell.ts'

/** What a service knows of one order of one source. Plain data: times are ISO-8601, what does not apply is absent. */
export interface OrderStory {
  source: string
  order_id: string
  /** Absent where nothing of the order concerned this service yet. */
  record?: OrderRecord
  /** The oldest version first. */
  events: readonly EventStory[]
}

/** What a service did about one event, and why; neither its body nor its headers. */
export interface EventStory {
  id: string
  source: string
  event: string
  occurrence: string
  version: string
  last_webhook_at: string
  state: EventState
  /** Names of the effects that the service has for it. */
  effects: readonly string[]
  /** Those that are not done yet; none for what is done or stale. */
  effects_to_do: readonly string[]
  tries: number
  lost_leases: number
  reason?: string
  /** What the last attempt that did not succeed said. */
  last_error?: string
  /** When something happens to it without anybody doing anything. */
  next_at?: string
  received_at?: string
  accepted_at?: string
  finished_at?: string
  /** Its last redrive. */
  redriven?: Redriven
}

type StoredEvent = Omit<EventDocument, 'body' | 'headers'>

/** Everything that the service knows of an order id, one story for each source that has it. `now`: ms, server's clock. */
export function orderEvents(db: Db, order_id: string, now: number): Promise<readonly OrderStory[]> {
  return safely('orderEvents', async () => {
    const sources = await sourcesOf(db)
    // the record before the inbox: what is open there and not in a record read later would look lost
    const orders = await db
      .collection<OrderDocument>(ORDERS)
      .find({ _id: { $in: sources.map(source => `${source}:${order_id}`) } })
      .toArray()
    const events = await db
      .collection<EventDocument>(EVENTS)
      .find<StoredEvent>({ source: { $in: sources }, order_id }, { projection: { body: 0, headers: 0 } })
      .toArray()
    const redriven = await redrivenOf(
      db,
      orders.map(({ _id }) => _id),
    )
    return sources.flatMap(source => {
      const document = orders.find(order => order.source === source)
      const stored = events.filter(event => event.source === source)
      if (!document && stored.length === 0) return []
      const record = document && toOrderRecord(document)
      return [
        { source, order_id, ...(record && { record }), events: storiesOf({ source, record, stored, now, redriven }) },
      ]
    })
  })
}

/** Both from the catalogue and from what is stored: order records outlive their events. */
async function sourcesOf(db: Db): Promise<readonly string[]> {
  const stored = await db.collection<EventDocument>(EVENTS).distinct('source')
  return [...new Set([...Object.keys(catalogues), ...stored])]
}

interface Sources {
  source: string
  record: OrderRecord | undefined
  stored: readonly StoredEvent[]
  now: number
  /** By the event's id. */
  redriven: ReadonlyMap<string, Redriven>
}

function storiesOf({ source, record, stored, now, redriven }: Sources): readonly EventStory[] {
  const entries = new Map([...(record?.lane ?? []), ...(record?.dead ?? [])].map(entry => [entry.id, entry]))
  const stories = stored.map(event => storyOf(event, entries.get(event._id.toHexString()), { record, now }))
  const known = new Set(stories.map(({ id }) => id))
  const withoutEvent = [...entries.values()].filter(({ id }) => !known.has(id))
  return [...stories, ...withoutEvent.map(entry => storyOfEntry(source, entry, { record, now }))]
    .map(story => withRedrive(story, redriven.get(story.id)))
    .sort((a, b) => (a.version < b.version ? -1 : 1))
}

function withRedrive(story: EventStory, redriven: Redriven | undefined): EventStory {
  return redriven ? { ...story, redriven } : story
}

interface Circumstances {
  record: OrderRecord | undefined
  now: number
}

function storyOf(event: StoredEvent, entry: Entry | undefined, { record, now }: Circumstances): EventStory {
  const { state, note, finished_at } = event
  const id = event._id.toHexString()
  return {
    id,
    source: event.source,
    event: event.event,
    occurrence: event.occurrence,
    version: event.version,
    last_webhook_at: event.last_webhook_at.toISOString(),
    effects: event.effects,
    ...attempts(entry, event.state === 'open' ? event.effects : []),
    ...told({ id, state, ...(note !== undefined && { note }) }, { record, now }),
    received_at: event.received_at.toISOString(),
    accepted_at: event.accepted_at.toISOString(),
    ...(finished_at && { finished_at: finished_at.toISOString() }),
  }
}

/** An entry whose event is not in the inbox: it should be none, and is shown all the more. */
function storyOfEntry(source: string, entry: Entry, circumstances: Circumstances): EventStory {
  const { id, event, version, last_webhook_at } = entry
  const effects = entry.effects.map(({ name }) => name)
  return {
    id,
    source,
    event,
    occurrence: '',
    version,
    last_webhook_at,
    effects,
    ...attempts(entry, effects),
    ...told({ id, state: 'open' }, circumstances),
  }
}

function attempts(entry: Entry | undefined, effects: readonly string[]) {
  return {
    effects_to_do: entry?.effects.map(({ name }) => name) ?? effects,
    tries: entry?.tries ?? 0,
    lost_leases: entry?.lost_leases ?? 0,
    ...(entry?.last_error && { last_error: entry.last_error }),
  }
}

function told(event: Parameters<typeof statusOf>[0], { record, now }: Circumstances) {
  const { state, reason, nextAt } = statusOf(event, record, now)
  return {
    state,
    ...(reason !== undefined && { reason }),
    ...(nextAt !== undefined && { next_at: new Date(nextAt).toISOString() }),
  }
}
