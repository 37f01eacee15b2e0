import type { InboxState } from '@hookline/consumer/loop'
import type { Collection } from 'mongodb'
import { type EventDocument, objectIds } from './event-document.ts'

/** By id; ids that are not there are absent. Rejects with the driver's own errors. */
export async function eventStates(
  events: Collection<EventDocument>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, InboxState>> {
  if (ids.length === 0) return new Map()
  // majority: a `done` that a new primary does not know must not take its entry out of the lane
  const options = { projection: { state: 1 }, readConcern: { level: 'majority' as const }, batchSize: ids.length + 1 }
  const found = await events.find({ _id: { $in: objectIds(ids) } }, options).toArray()
  return new Map(found.map(({ _id, state }) => [_id.toHexString(), state]))
}
