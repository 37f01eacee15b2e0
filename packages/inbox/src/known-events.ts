import type { NewEvent } from '@hookline/consumer'
import type { Collection } from 'mongodb'
import { type EventDocument, identityText } from './event-document.ts'

export type KnownEvent = Pick<EventDocument, '_id' | 'state'>

/** The stored events with these identities, by `identityText`. */
export async function findKnown(
  events: Collection<EventDocument>,
  sought: readonly NewEvent[],
): Promise<ReadonlyMap<string, KnownEvent>> {
  const known = new Map<string, KnownEvent>()
  const projection = { source: 1, order_id: 1, event: 1, occurrence: 1, state: 1 }
  for (const [source, group] of Map.groupBy(sought, ({ event }) => event.source)) {
    // one walk through the index, some neighbours included: an `$or` of identities plans each of its branches
    const filter = {
      source,
      order_id: { $in: distinct(group.map(({ event }) => event.order_id)) },
      event: { $in: distinct(group.map(({ event }) => event.event)) },
      occurrence: { $in: distinct(group.map(({ event }) => event.occurrence)) },
    }
    for await (const document of events.find(filter, { projection })) known.set(identityText(document), document)
  }
  return known
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)]
}
