import { decodeRecord, parseEvent } from '@hookline/contracts'
import type { Consumer } from './define-consumer.ts'
import type { HandledEvent } from './effect.ts'
import type { DeadLetterReason, RawRecord } from './ports.ts'
import { type Route, route } from './route.ts'

const FIVE_MINUTES_MS = 300_000

/** V: what a record is. Total: no bytes and no declaration make it throw. */
export type ReadRecord =
  | { kind: 'event'; event: HandledEvent; route: Route; record: RawRecord }
  | { kind: 'skip' }
  | { kind: 'dead'; reason: DeadLetterReason; message: string }

export function readRecord(
  record: RawRecord,
  consumer: Consumer,
  limits: { now: number; inboxTtlMs: number },
): ReadRecord {
  let event: HandledEvent
  try {
    event = parseEvent(decodeRecord(record.value))
  } catch (error) {
    return { kind: 'dead', reason: 'unreadable', message: codeOf(error) }
  }
  try {
    const to = route(consumer, event)
    if (to.effects.length === 0 && !to.creating) return { kind: 'skip' }
    // The inbox may have forgotten it: run again, it would be done twice. Its own time may be five minutes ahead.
    const oldest = limits.now - limits.inboxTtlMs + FIVE_MINUTES_MS
    const age = Math.min(Date.parse(event.last_webhook_at), Date.parse(event.received_at))
    if (age < oldest) return { kind: 'dead', reason: 'too_old', message: 'older than what the inbox remembers' }
    return { kind: 'event', event, route: to, record }
  } catch (error) {
    return { kind: 'dead', reason: 'unreadable', message: `a declaration of the consumer threw: ${codeOf(error)}` }
  }
}

/** Not the message: it may show what was sent. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}
