import type { Consumer, Done, HandledEvent, HandlerContext } from '@hookline/consumer'
import { effectKey, route } from '@hookline/consumer/loop'

/**
 * What an event does in a consumer, without the protocol around it: every effect that is for it, once. What an effect
 * returns to be kept is handed to the effects after it.
 */
export async function deliver(
  consumer: Consumer,
  event: HandledEvent,
  context: Partial<HandlerContext> = {},
): Promise<Readonly<Record<string, void | Done>>> {
  const said: Record<string, void | Done> = {}
  const stateOf = (name: string) => said[name]?.state ?? context.stateOf?.(name)
  for (const { name } of route(consumer, event).effects) {
    const effect = consumer.effects.find(declared => declared.name === name)
    said[name] = await effect?.handler(event, {
      effectKey: effectKey(consumer.name, effect, event),
      effect: name,
      event,
      signal: new AbortController().signal,
      attempt: 1,
      order: { last_webhook_at: event.last_webhook_at, known: true, prerequisite_never_arrived: false },
      state: context.stateOf?.(name),
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      ...context,
      stateOf,
    })
  }
  return said
}
