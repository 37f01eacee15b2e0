import { type Arrival, type Claimed, claim } from './claim.ts'
import { entryOf, type OpenEvent, orderKeyOf } from './entry.ts'
import type { Loop } from './loop.ts'
import type { RawRecord } from './ports.ts'
import { type ReadRecord, readRecord } from './read-record.ts'
import { reached } from './steps.ts'

type ReadEvent = Extract<ReadRecord, { kind: 'event' }>

/** V, A, B for one slice. When it resolves, Kafka is not needed any more for these events. */
export async function acceptSlice(loop: Loop, slice: readonly RawRecord[]): Promise<readonly Claimed[]> {
  const { orders, observer, store } = loop
  const events = await validate(loop, slice)
  if (events.length === 0) return []

  // The order records are read before the inbox: what is open there and not in a record read earlier is nobody's.
  const keys = [...new Set(events.map(({ event }) => orderKeyOf(event)))]
  const records = await store.persist(() => orders.read(keys))
  reached('orders_read')
  const room = await withRoom(loop, events, records)

  const accepted = await store.persist(() =>
    loop.inbox.accept(room.map(({ event, route }) => ({ event, effects: route.effects.map(({ name }) => name) }))),
  )
  reached('accepted')
  const open = new Map<string, OpenEvent>() // by id: a slice may hold an event twice
  for (const [i, { id, state }] of accepted.entries()) {
    const read = room[i]
    if (read && (state === 'new' || state === 'open')) open.set(id, { id, event: read.event, route: read.route })
  }
  const fresh = accepted.filter(({ state }) => state === 'new').length
  if (fresh > 0) observer.count('events_accepted', fresh)
  if (fresh < accepted.length) observer.count('duplicates_dropped', accepted.length - fresh)

  const now = loop.clock.now()
  const arrivals = Map.groupBy(
    [...open.values()].map((openEvent): Arrival => ({ ...openEvent, entry: entryOf(openEvent, now) })),
    ({ event }) => orderKeyOf(event),
  )
  const claimed = await claim(loop, arrivals, records)
  reached('claimed')
  return claimed
}

/** V: what cannot be read or is too old is in the dead-letter topic before its offset is resolved. */
async function validate(loop: Loop, slice: readonly RawRecord[]): Promise<readonly ReadEvent[]> {
  const limits = { now: loop.clock.now(), inboxTtlMs: loop.settings.inboxTtlMs }
  const read = slice.map(record => ({ record, as: readRecord(record, loop.consumer, limits) }))
  const skipped = read.filter(({ as }) => as.kind === 'skip').length
  if (skipped > 0) loop.observer.count('events_skipped', skipped)
  await bury(
    loop,
    read.flatMap(({ record, as }) => (as.kind === 'dead' ? [{ record, reason: as.reason, message: as.message }] : [])),
  )
  return read.flatMap(({ as }) => (as.kind === 'event' ? [as] : []))
}

/** An order that holds twice a lane takes no more, or its document would grow without end: its records go to the dead-letter topic. */
async function withRoom(
  loop: Loop,
  events: readonly ReadEvent[],
  records: Awaited<ReturnType<Loop['orders']['read']>>,
): Promise<readonly ReadEvent[]> {
  const cap = loop.policy.laneCap
  const isFull = ({ event }: ReadEvent) => {
    const record = records.get(orderKeyOf(event))
    return record !== undefined && record.lane.length + record.dead.length >= 2 * cap
  }
  const message = 'the lane and the dead of its order are full'
  await bury(
    loop,
    events.filter(isFull).map(({ record }) => ({ record, reason: 'lane_full' as const, message })),
  )
  return events.filter(read => !isFull(read))
}

async function bury(loop: Loop, letters: Parameters<Loop['deadLetters']['send']>[0]): Promise<void> {
  if (letters.length === 0) return
  await loop.store.persist(() => loop.deadLetters.send(letters))
  reached('letters_sent')
  for (const { reason } of letters) loop.observer.count('dead_letters', 1, { reason })
}
