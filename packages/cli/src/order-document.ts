import { holds, type OrderRecord } from '@hookline/delivery'
import type { EventState, EventStory, OrderStory } from '@hookline/inbox'
import { utc } from './text/time.ts'

/** `hookline order <id> --json`. Times are ISO-8601; what does not apply is null. */
export interface OrderDocument {
  order_id: string
  /** By MongoDB's clock. */
  now: string
  services: Record<string, ServiceOrder>
}

export interface ServiceOrder {
  /** One for each source that has the id; mostly one. */
  orders: readonly OrderState[]
  /** The oldest version first. */
  events: readonly OrderEvent[]
}

/** The service's order record, as far as a person needs it; null where nothing of it is stored. */
export interface OrderState {
  source: string
  known: boolean | null
  /** It counts as known although what makes it known never came. */
  prerequisite_never_arrived: boolean
  /** The dead event that nothing of the order may pass. */
  held_by: string | null
  /** The newest of all events that came. */
  last_webhook_at: string | null
  /** The newest version that each effect, or part of it, has applied. */
  floors: Readonly<Record<string, { version: string; last_webhook_at: string; terminal: boolean }>>
}

export interface OrderEvent {
  source: string
  event: string
  version: string
  state: EventState
  /** Names of the effects that the service has for it. */
  effects: readonly string[]
  reason: string | null
  /** When something happens to it without anybody doing anything. */
  next_at: string | null
  effects_to_do: readonly string[]
  last_webhook_at: string
  received_at: string | null
  finished_at: string | null
  tries: number
  lost_leases: number
  last_error: string | null
  /** An attempt may have been executed all the same. */
  unsure: boolean
  /** Its last redrive: by whom and why. */
  redriven: { redrive: string; by: string; why: string; at: string } | null
}

/** `now`: milliseconds. `stories`: by service. */
export function orderDocument(
  order_id: string,
  { now, stories }: { now: number; stories: ReadonlyMap<string, readonly OrderStory[]> },
): OrderDocument {
  const services = [...stories].map(([service, ofSources]) => [
    service,
    {
      orders: ofSources.map(orderState),
      events: ofSources.flatMap(story => story.events.map(one => eventOf(one, story))),
    },
  ])
  return { order_id, now: new Date(now).toISOString(), services: Object.fromEntries(services) }
}

function orderState({ source, record }: OrderStory): OrderState {
  const floors = Object.entries(record?.floors ?? {}).map(([key, { version, last_webhook_at, terminal }]) => [
    key,
    { version, last_webhook_at, terminal: terminal ?? false },
  ])
  return {
    source,
    known: record?.known ?? null,
    prerequisite_never_arrived: record?.prerequisite_never_arrived ?? false,
    held_by: record?.dead.find(holds)?.event ?? null,
    last_webhook_at: record?.last_webhook_at ?? null,
    floors: Object.fromEntries(floors),
  }
}

function eventOf(event: EventStory, story: OrderStory): OrderEvent {
  const { record } = story
  const reason = event.state === 'stale' ? (event.reason ?? whyStale(event, story)) : event.reason
  return {
    source: event.source,
    event: event.event,
    version: event.version,
    state: event.state,
    effects: event.effects,
    reason: reason ?? null,
    next_at: event.next_at ?? null,
    effects_to_do: event.effects_to_do,
    last_webhook_at: event.last_webhook_at,
    received_at: event.received_at ?? null,
    finished_at: event.finished_at ?? null,
    tries: event.tries,
    lost_leases: event.lost_leases,
    last_error: event.last_error ?? null,
    unsure: entriesOf(record).some(({ id, unsure }) => id === event.id && unsure === true),
    redriven: event.redriven ?? null,
  }
}

function entriesOf(record: OrderRecord | undefined) {
  return [...(record?.lane ?? []), ...(record?.dead ?? [])]
}

/** Which newer event was applied before it; of several parts only those above it can be meant. */
function whyStale(event: EventStory, { record, events }: OrderStory): string {
  const above = Object.entries(record?.floors ?? {}).filter(
    ([key, { version }]) => event.effects.includes(key.split('/')[0] ?? key) && version > event.version,
  )
  const names = above.map(([, { version, last_webhook_at }]) => {
    const name = events.find(one => one.version === version)?.event ?? 'an event'
    return `${name} of ${utc(last_webhook_at)} UTC`
  })
  if (names.length === 0) return 'a newer event was applied before it'
  return `newer and applied before it: ${[...new Set(names)].join(', ')}`
}
