import type { Consumer } from '@hookline/consumer'
import { orderKeyOf, route } from '@hookline/consumer/loop'
import { parseEvent, type WebhookEvent } from '@hookline/contracts'
import { type EventStatus, statusOf } from '@hookline/delivery'
import { type Database, letterOf, storedEvent } from './database.ts'

/** What became of a delivered event, and why: the words of `hookline order`, and two more. */
export interface TestedEvent extends Omit<EventStatus, 'state'> {
  /** `source:order_id`. */
  readonly order: string
  readonly event: string
  /** ISO-8601, UTC: the event's own time. */
  readonly last_webhook_at: string
  /** `skipped`: no effect of this consumer is for it. `not_accepted`: still in Kafka only. */
  readonly state: EventStatus['state'] | 'skipped' | 'not_accepted'
  /** How the last attempt of each effect ended, as the loop told it; an instance that was gone before tells nothing. */
  readonly effects: Readonly<Record<string, string>>
  /** What the last attempt that did not succeed said, as people would read it. */
  readonly lastError?: string
}

interface Facts {
  readonly database: Database
  /** Any instance's: what it declares. */
  readonly consumer: Consumer
  /** Milliseconds, server's clock. */
  readonly now: number
  readonly effects: Readonly<Record<string, string>>
}

export function testedEvent(event: WebhookEvent, facts: Facts): TestedEvent {
  const { database, now, effects } = facts
  const { last_webhook_at } = event
  const told = { order: orderKeyOf(event), event: event.event, last_webhook_at, effects }
  const record = database.orders.records().get(told.order)
  const stored = storedEvent(database, event)
  if (!stored) return { ...told, ...notStored(event, facts) }
  const entry = [...(record?.lane ?? []), ...(record?.dead ?? [])].find(({ id }) => id === stored.id)
  const status = statusOf(stored, record, now)
  const why = status.state === 'stale' && status.reason === undefined ? passedBy(event, facts) : undefined
  return {
    ...told,
    ...status,
    ...(why !== undefined && { reason: why }),
    ...(entry?.last_error && { lastError: entry.last_error }),
  }
}

function notStored(event: WebhookEvent, { consumer, database }: Facts): Pick<TestedEvent, 'state' | 'reason'> {
  const letter = letterOf(database, event)
  if (letter) return { state: 'dead', reason: letter.reason }
  const { effects, creating } = route(consumer, parseEvent(event))
  if (effects.length > 0 || creating) return { state: 'not_accepted', reason: 'its record is delivered again' }
  return { state: 'skipped', reason: 'no effect is for it' }
}

/** Which effects had applied something newer before it came. */
function passedBy(event: WebhookEvent, { consumer, database }: Facts): string {
  const floors = database.orders.records().get(orderKeyOf(event))?.floors ?? {}
  const newer = route(consumer, parseEvent(event)).effects.flatMap(({ floor }) => {
    const at = floor === undefined ? undefined : floors[floor]?.last_webhook_at
    return at === undefined ? [] : [`${floor} is at ${at}`]
  })
  return newer.join(', ')
}
