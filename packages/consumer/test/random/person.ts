import { redrive } from '@hookline/delivery'
import type { Store } from './store.ts'
import type { Target } from './target.ts'
import { killerOf, type World } from './world.ts'

/** Gives back everything that is dead. Returns how much that was. */
export async function redriveAll({ world, store, target }: { world: World; store: Store; target: Target }) {
  let redriven = 0
  for (const [key, before] of store.orders.records()) {
    const after = redrive(before, new Set(before.dead.map(({ id }) => id)), { now: world.time.nowMs() })
    if (!after) continue
    for (const event of store.inbox.events()) {
      const dead = before.dead.find(({ id }) => id === event.id)
      const identity = [event.source, event.order_id, event.event, event.occurrence].filter(Boolean).join('/')
      if (dead?.reason === 'after_terminal') target.released.add(identity)
    }
    for (const dead of before.dead) if (dead.reason === 'kills_its_worker') world.killers.delete(killerOf(key, dead)) // mended
    redriven += before.dead.length
    await store.orders.write([{ key, before, after }])
  }
  world.seen.redriven += redriven
  return redriven
}
