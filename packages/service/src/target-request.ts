import type { HandlerContext } from '@hookline/consumer'

/** What a handler says of the request it makes: its own context. */
export type TargetContext = Pick<HandlerContext, 'effectKey' | 'effect' | 'event' | 'signal'>

export const EVENT_HEADER = 'X-Hookline-Event'

/**
 * What the request or mail is for, for the target's own logs:
 * `source=points; order=…; event=…; effect=…; version=…`, values percent-encoded, ASCII.
 */
export function eventHeader({ event, effect }: TargetContext): string {
  const fields = {
    source: event.source,
    order: event.order_id,
    event: event.event,
    effect,
    version: event.version,
  }
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${encodeURIComponent(value.toWellFormed())}`)
    .join('; ')
}

/** Which order a request is about. */
export function orderOf({ event }: TargetContext): string {
  return `${event.source}:${event.order_id}`
}
