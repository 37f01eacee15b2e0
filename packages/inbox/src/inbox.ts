import type { Accepted, Inbox, NewEvent } from '@hookline/consumer/loop'
import type { Db } from 'mongodb'
import { EVENTS } from './collections.ts'
import { bulkWithDuplicates } from './duplicates.ts'
import { InboxUnavailable, safely } from './errors.ts'
import { type EventDocument, identityText, objectIds, toDocument, toInboxEvent } from './event-document.ts'
import { eventStates } from './event-states.ts'
import { finishEvents, type InboxOptions } from './finish-events.ts'
import { OPEN_INDEX } from './indexes.ts'
import { findKnown } from './known-events.ts'

const ACCEPT_ATTEMPTS = 3

export function mongoInbox(db: Db, options: InboxOptions): Inbox {
  const { clock } = options
  const events = db.collection<EventDocument>(EVENTS)

  async function accept(arrived: readonly NewEvent[], attempt = 1): Promise<readonly Accepted[]> {
    if (arrived.length === 0) return []
    // known a moment ago and gone now: it expired, or its insert was rolled back with its primary
    if (attempt > ACCEPT_ATTEMPTS) throw new InboxUnavailable('known events vanished', 'accept')
    const now = clock.now()
    const documents = arrived.map(event => toDocument(event, now))
    const { duplicates } = await bulkWithDuplicates(() => events.insertMany(documents, { ordered: false }))
    const answers: (Accepted | undefined)[] = documents.map(({ _id }) => ({ id: _id.toHexString(), state: 'new' }))
    if (duplicates.length === 0) return answers.flatMap(answer => answer ?? [])

    const known = await findKnown(
      events,
      duplicates.flatMap(index => documents[index] ?? []),
    )
    for (const index of duplicates) {
      const document = documents[index]
      answers[index] = document && known.get(identityText(document))
    }
    const again = await accept(
      arrived.filter((_, index) => !answers[index]),
      attempt + 1,
    )
    let next = 0
    return answers.flatMap(answer => answer ?? again[next++] ?? [])
  }

  return {
    accept: arrived => safely('accept', () => accept(arrived)),
    finish: facts => safely('finish', () => finishEvents(events, facts, options)),

    states: ids => safely('states', () => eventStates(events, ids)),

    load: ids =>
      safely('load', async () => {
        if (ids.length === 0) return new Map()
        const found = await events.find({ _id: { $in: objectIds(ids) } }).toArray()
        return new Map(found.map(document => [document._id.toHexString(), toInboxEvent(document)]))
      }),

    openBefore: (before, limit, after) =>
      safely('openBefore', async () => {
        const [from] = objectIds(after === undefined ? [] : [after])
        const filter = {
          state: 'open' as const,
          accepted_at: { $lt: new Date(before) },
          ...(from && { _id: { $gt: from } }),
        }
        const found = await events
          .find(filter, { projection: { source: 1, order_id: 1 } })
          .sort({ _id: 1 })
          .limit(limit)
          // else the planner may walk through all that is done, by _id
          .hint(OPEN_INDEX)
          .toArray()
        return found.map(({ _id, source, order_id }) => ({ id: _id.toHexString(), order: `${source}:${order_id}` }))
      }),
  }
}
