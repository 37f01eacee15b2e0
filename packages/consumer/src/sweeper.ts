import { type Arrival, type Claimed, claim } from './claim.ts'
import { entryOf, orderKeyOf } from './entry.ts'
import type { Loop } from './loop.ts'
import { handled } from './read-record.ts'
import { route } from './route.ts'

const PAGE = 1_000

/**
 * Finds events that are open and in no order record: there should be none, as a slice is delivered again until its
 * events are in their orders. Found ones are added, and an alarm is raised.
 */
export async function sweep(loop: Loop): Promise<readonly Claimed[]> {
  const before = loop.clock.now() - 2 * loop.settings.leaseMs
  const claimed: Claimed[] = []
  let after: string | undefined
  for (;;) {
    const page = await loop.inbox.openBefore(before, PAGE, after)
    claimed.push(...(await sweepPage(loop, page)))
    after = page.at(-1)?.id
    if (page.length < PAGE || after === undefined) return claimed
  }
}

async function sweepPage(loop: Loop, page: readonly { id: string; order: string }[]): Promise<readonly Claimed[]> {
  const { inbox, orders, observer } = loop
  // The record before the inbox: an event that is open, and not in a record read earlier, is nobody's.
  const records = await orders.read([...new Set(page.map(({ order }) => order))])
  const nobodys = page.filter(({ id, order }) => {
    const record = records.get(order)
    return ![...(record?.lane ?? []), ...(record?.dead ?? [])].some(entry => entry.id === id)
  })
  if (nobodys.length === 0) return []
  const ids = nobodys.map(({ id }) => id)
  const events = await inbox.load(ids)
  const states = await inbox.states(ids)
  const now = loop.clock.now()
  const arrivals = [...events].flatMap(([id, stored]): Arrival[] => {
    if (states.get(id) !== 'open') return []
    const event = handled(stored)
    const open = { id, event, route: route(loop.consumer, event) }
    return [{ ...open, entry: entryOf(open, now) }]
  })
  if (arrivals.length === 0) return []
  observer.count('swept', arrivals.length)
  observer.warn({ events: arrivals.length }, 'open events were in no order record: added, but should not happen')
  return claim(
    loop,
    Map.groupBy(arrivals, ({ event }) => orderKeyOf(event)),
    records,
  )
}
