import type { Accepted } from '@hookline/consumer/loop'
import type { Collection } from 'mongodb'
import { type EventDocument, identityText } from './event-document.ts'

type Identity = Pick<EventDocument, 'source' | 'order_id' | 'event' | 'occurrence'>

/** The stored events with these identities, by `identityText`. */
export async function findKnown(
  events: Collection<EventDocument>,
  sought: readonly Identity[],
): Promise<ReadonlyMap<string, Accepted>> {
  const known = new Map<string, Accepted>()
  const projection = { source: 1, order_id: 1, event: 1, occurrence: 1, state: 1 }
  for (const [source, group] of Map.groupBy(sought, one => one.source)) {
    // one walk through the index, some neighbours included: an `$or` of identities plans each of its branches
    const filter = {
      source,
      order_id: { $in: distinct(group.map(one => one.order_id)) },
      event: { $in: distinct(group.map(one => one.event)) },
      occurrence: { $in: distinct(group.map(one => one.occurrence)) },
    }
    for await (const document of events.find(filter, { projection })) {
      known.set(identityText(document), { id: document._id.toHexString(), state: document.state })
    }
  }
  return known
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)]
}
