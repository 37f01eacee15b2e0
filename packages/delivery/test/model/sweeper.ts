import { enter } from './accept.ts'
import type { Site, Steps } from './instance.ts'
import { untilStoreError, work } from './work.ts'
import type { ModelEvent } from './workload.ts'

/** Open events that are neither in a lane nor dead. */
export function* sweeper(site: Site): Steps {
  const { world, store } = site
  for (;;) {
    for (const event of world.workload.events.values()) {
      if (store.inbox.get(event.id) !== 'open' || (world.faultsOn && !world.random.chance(0.1))) continue
      const token = site.newToken()
      yield* untilStoreError(site, token, sweep(site, token, event))
    }
    for (let looks = 0; looks < 20; looks++) yield
  }
}

function* sweep(site: Site, token: string, event: ModelEvent): Steps {
  const { world, store } = site
  yield
  const record = store.read(event.order) // before the inbox, always
  yield
  if (store.state(event.id) !== 'open') return
  if (record && [...record.lane, ...record.dead].some(({ id }) => id === event.id)) return
  world.seen.swept++
  const lane = yield* enter(site, token, { order: event.order, events: [event], open: [event], record })
  if (lane) yield* work(site, [lane])
}
