import { type HandledEvent, type HandlerContext, Retryable } from '@hookline/consumer'
import { identityOf } from '@hookline/contracts'
import type { MemoryTransaction } from '@hookline/testkit'
import type { Store } from './store.ts'
import type { World } from './world.ts'

/** A handler in the service's own database: how often each event was counted, and how many of its order. */
export async function tally(world: World, event: HandledEvent, context: HandlerContext): Promise<void> {
  const { get, set } = context.transaction as MemoryTransaction
  for (const key of tallied(event)) await set(key, String(Number((await get(key)) ?? 0) + 1))
  if (!world.troubled || !world.variant.targets || !world.random.chance(0.1)) return
  world.seen['transaction rolled back'] += 1
  throw new Retryable('not now')
}

/** How often the event was counted: there is no key that would hide a second time. */
export function timesTallied(
  { table }: Store,
  event: Pick<HandledEvent, 'source' | 'order_id' | 'event' | 'occurrence'>,
): number {
  return Number(table.get(identityOf(event))?.value ?? 0)
}

function tallied(event: HandledEvent): readonly string[] {
  return [identityOf(event), `${event.source}:${event.order_id}`]
}
