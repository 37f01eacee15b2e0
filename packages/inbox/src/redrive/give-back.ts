import type { OrderKey } from '@hookline/consumer/loop'
import { chooseForRedrive, type Forecast, redrive } from '@hookline/delivery'
import type { Db } from 'mongodb'
import { EVENTS } from '../collections.ts'
import { safely } from '../errors.ts'
import type { EventDocument } from '../event-document.ts'
import { eventStates } from '../event-states.ts'
import { mongoOrders } from '../orders.ts'
import { serverNow } from '../server-now.ts'
import type { RedriveItemDocument } from './document.ts'
import { idsToAsk } from './plan.ts'

/** What became of the items of one order, by event id. */
export type GivenBack = ReadonlyMap<
  string,
  /** `given_back`: by this write, or before it. */
  { state: 'given_back' } | { state: 'left'; forecast: Forecast }
>

/**
 * Gives the events of one order back in one compare-and-set write, so that they run in the order of their versions. What
 * does not stand in the record as the very death of its item was given back before, by whomever: it is never given back twice.
 * `when free`: nothing was written, as somebody works on the order who must end first.
 */
export async function giveBack(
  db: Db,
  order: OrderKey,
  items: readonly RedriveItemDocument[],
  { withoutPrerequisite }: { withoutPrerequisite: boolean },
): Promise<GivenBack | 'when free'> {
  const orders = mongoOrders(db)
  const events = db.collection<EventDocument>(EVENTS)
  for (;;) {
    const before = (await orders.read([order])).get(order)
    const standing = items.filter(({ event_id, dead_at }) =>
      before?.dead.some(entry => entry.id === event_id && entry.dead_at === dead_at.getTime()),
    )
    if (!before || standing.length === 0) return toldOf(items, new Map())
    const ids = new Set(standing.map(({ event_id }) => event_id))
    const states = await safely('states', () => eventStates(events, idsToAsk({ record: before, ids })))
    const choice = chooseForRedrive(before, ids, { states, withoutPrerequisite })
    if (choice.whenFree) return 'when free'
    const left = new Map([...choice.forecasts].filter(([id]) => !choice.giveBack.has(id)))
    const after = redrive(before, choice.giveBack, { now: await serverNow(db), withoutPrerequisite })
    if (!after) return toldOf(items, left)
    const written = await orders.write([{ key: order, before, after }])
    if (written === 1) return toldOf(items, left)
    // somebody else was first: the record is read again, and what is in its lane by now is seen there
  }
}

function toldOf(items: readonly RedriveItemDocument[], left: ReadonlyMap<string, Forecast>): GivenBack {
  return new Map(
    items.map(({ event_id }) => {
      const forecast = left.get(event_id)
      return [event_id, forecast ? { state: 'left', forecast } : { state: 'given_back' }]
    }),
  )
}
