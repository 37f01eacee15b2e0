import { parseEvent, type WebhookEvent } from '@hookline/contracts'
import { type Arrival, type Claimed, claim } from './claim.ts'
import { entryOf, type OpenEvent, orderKeyOf } from './entry.ts'
import type { Loop } from './loop.ts'
import { route } from './route.ts'

const PAGE = 1_000

/**
 * Finds events that are open and in no order record: there should be none, as a slice is delivered again until its
 * events are in their orders. Found ones are added, an alarm is raised, and `run` works on the orders that were free.
 */
export async function sweep(loop: Loop, run: (claimed: Claimed) => Promise<void>): Promise<void> {
  const before = loop.clock.now() - 2 * loop.settings.leaseMs
  let after: string | undefined
  while (!loop.isClosing()) {
    const page = await loop.inbox.openBefore(before, PAGE, after)
    for (const claimed of await sweepPage(loop, page)) void run(claimed)
    after = page.at(-1)?.id
    if (page.length < PAGE || after === undefined) return
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
    const open = states.get(id) === 'open' ? readAgain(loop, id, stored) : undefined
    return open ? [{ ...open, entry: entryOf(open, now) }] : []
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

/** undefined: it cannot be read any more, or a declaration throws; the others are swept all the same. */
function readAgain({ consumer, observer }: Loop, id: string, stored: WebhookEvent): OpenEvent | undefined {
  try {
    const event = parseEvent(stored)
    return { id, event, route: route(consumer, event) }
  } catch (error) {
    observer.warn({ id, error }, 'an open event is in no order record and cannot be read')
    return undefined
  }
}
