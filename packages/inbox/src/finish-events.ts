import type { Fact, ServerClock } from '@hookline/consumer/loop'
import type { ClientSession, Collection } from 'mongodb'
import { type EventDocument, objectIds } from './event-document.ts'

export interface InboxOptions {
  clock: ServerClock
  /** How long an event that is done or stale is remembered, milliseconds. */
  inboxTtlMs: number
}

/** `finish` of the port `Inbox`; where a session is given, as part of its transaction, with the driver's own errors. */
export async function finishEvents(
  events: Collection<EventDocument>,
  facts: readonly Fact[],
  { clock, inboxTtlMs, session }: InboxOptions & { session?: ClientSession },
): Promise<void> {
  const finished_at = new Date(clock.now())
  const expires_at = new Date(finished_at.getTime() + inboxTtlMs)
  const operations = grouped(facts).map(({ ids, state, note }) => ({
    updateMany: {
      filter: { _id: { $in: objectIds(ids) }, state: 'open' as const },
      update: { $set: { state, finished_at, expires_at, ...(note !== undefined && { note }) } },
    },
  }))
  if (operations.length > 0) await events.bulkWrite(operations, { ordered: false, ...(session && { session }) })
}

/** One fact per state and note. */
function grouped(facts: readonly Fact[]): readonly Fact[] {
  const groups = Map.groupBy(
    facts.filter(({ ids }) => ids.length > 0),
    ({ state, note }) => JSON.stringify([state, note]),
  )
  return [...groups.values()].flatMap(([first, ...others]) =>
    first ? [{ ...first, ids: [...first.ids, ...others.flatMap(({ ids }) => ids)] }] : [],
  )
}
