import { type OrderRecord, takeOver } from '@hookline/delivery'
import type { Claimed } from './claim.ts'
import type { Loop } from './loop.ts'
import type { OrderKey } from './ports.ts'
import { sentClaims } from './sent-claims.ts'
import { reached } from './steps.ts'
import { tellBuried } from './tell.ts'

const LOOKS_AT_MOST = 500

export interface Scheduler {
  look(): Promise<void>
  /** Resolves when no suspect is being taken over or worked on. */
  idle(): Promise<void>
}

/**
 * S: a look is for what is due; `run` works on a claimed order, and there is `room` for so many. Orders whose
 * lease was lost before are taken one at a time, each to its end, so that an event that kills its worker uses up nobody
 * else's leases.
 */
export function scheduler(
  loop: Loop,
  { run, room }: { run: (claimed: Claimed) => Promise<void>; room: () => number },
): Scheduler {
  let suspectRuns: Promise<void> | undefined
  let inLine = 0

  async function runSuspects(suspects: readonly (readonly [OrderKey, OrderRecord])[]): Promise<void> {
    for (const suspect of suspects) {
      if (loop.isClosing()) return
      for (const claimed of await takeOverAll(loop, new Map([suspect]))) await run(claimed)
    }
  }

  async function look(): Promise<void> {
    const limit = Math.min(LOOKS_AT_MOST, room())
    if (limit === 0) return
    // suspects that wait for their turn stay due: they must not hide what is due behind them
    const due = [...(await loop.orders.due(loop.clock.now(), limit + inLine))]
    // After an outage of the database owners are still about to release: they have a lease's time for it. Asked all the
    // same, for who does not ask does not see that the outage lasts.
    if (loop.store.quietMs() < loop.settings.leaseMs) return
    const suspects = due.filter(([, record]) => isSuspect(record))
    const others = due.filter(([, record]) => !isSuspect(record)).slice(0, limit)
    inLine = suspects.length
    for (const claimed of await takeOverAll(loop, new Map(others))) void run(claimed)
    if (suspectRuns || suspects.length === 0) return
    suspectRuns = runSuspects(suspects)
      .catch(loop.store.failed)
      .finally(() => {
        suspectRuns = undefined
      })
  }

  return { look, idle: async () => await suspectRuns }
}

function isSuspect(record: OrderRecord): boolean {
  return record.lane.some(entry => entry.begun && entry.lost_leases > 0)
}

async function takeOverAll(loop: Loop, due: ReadonlyMap<OrderKey, OrderRecord>): Promise<readonly Claimed[]> {
  if (due.size === 0) return []
  const { inbox, orders } = loop
  const sent = sentClaims(loop)
  reached('due_read')
  // The states are read after the records.
  const states = await inbox.states([...due.values()].flatMap(({ lane }) => lane.map(({ id }) => id)))
  const finished = new Set([...states].flatMap(([id, state]) => (state === 'open' ? [] : [id])))
  const step = sent.next()
  const writes = [...due].flatMap(([key, before]) => {
    const after = takeOver(before, finished, step)
    return after ? [{ key, before, after }] : []
  })
  if (writes.length === 0) return []
  const written = await loop.store.once(() => orders.write(writes))
  const stored =
    written === writes.length
      ? new Map(writes.map(({ key, after }) => [key, after]))
      : await loop.store.persist(() => orders.read(writes.map(({ key }) => key)))
  reached('taken_over')
  for (const { key, before, after } of writes) {
    const now = stored.get(key)
    if (now?.rev === after.rev && now.owner === after.owner) tellTaken(loop, key, before, after)
  }
  return [...stored].flatMap(([key, record]) => {
    const claim = sent.storedIn(record)
    return claim ? [{ key, ...claim, record, atHand: [] }] : []
  })
}

function tellTaken(loop: Loop, key: OrderKey, before: OrderRecord, after: OrderRecord): void {
  const { observer } = loop
  if (before.owner !== undefined) {
    observer.count('leases_taken_over', 1)
    observer.warn({ order: key }, 'a lease ran out: its order is taken over')
  }
  if (after.prerequisite_never_arrived && !before.prerequisite_never_arrived) {
    observer.count('prerequisites_never_arrived', 1)
    observer.warn({ order: key }, 'the event that makes the order known never arrived: its lane runs all the same')
  }
  tellBuried(observer, key, before, after)
}
