import type { Todo } from './attempt.ts'
import type { Effect, HandledEvent, HandlerContext } from './effect.ts'
import { effectKey } from './effect-key.ts'
import type { Lane } from './lane.ts'
import type { Loop } from './loop.ts'

/** What a handler is given beside its event. */
export function handlerContext(
  { consumer, log }: Loop,
  { record }: Lane,
  {
    entry,
    effect,
    floors,
    declared,
    event,
    signal,
  }: Todo & { declared: Effect; event: HandledEvent; signal: AbortSignal },
): HandlerContext {
  return {
    effectKey: effectKey(consumer.name, declared, event),
    effect: effect.name,
    event,
    signal,
    attempt: entry.tries + entry.lost_leases + 1,
    order: {
      last_webhook_at: record.last_webhook_at,
      known: record.known,
      prerequisite_never_arrived: record.prerequisite_never_arrived === true,
    },
    state: effect.floor === undefined ? undefined : floors[effect.floor]?.state,
    stateOf: other => floors[other]?.state,
    log,
  }
}
