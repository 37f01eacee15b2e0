import { arrive, type Entry, type OrderRecord, unseen } from '@hookline/delivery'
import { ofOrderKey, type OpenEvent } from './entry.ts'
import type { Loop } from './loop.ts'
import type { OrderKey } from './ports.ts'
import { creatingEvent } from './route.ts'
import { sentClaims } from './sent-claims.ts'

/** An open event on its way into the lane of its order. */
export interface Arrival extends OpenEvent {
  entry: Entry
}

/** An order that this instance works on now. */
export interface Claimed {
  key: OrderKey
  token: string
  /** As the claim wrote it. */
  record: OrderRecord
  /** Monotonic milliseconds, from before the claim was sent: the lease is counted from here. */
  claimedAtMs: number
  /** Events that are at hand; others of the run list are in the inbox. */
  atHand: readonly OpenEvent[]
}

/**
 * B: adds what came to its orders and claims those that are free. `records` were read BEFORE the inbox said that the
 * events are open. Where somebody else was first, the records are read again, then the states, and only what is still
 * open goes on.
 */
export async function claim(
  loop: Loop,
  arrivals: ReadonlyMap<OrderKey, readonly Arrival[]>,
  records: ReadonlyMap<OrderKey, OrderRecord>,
): Promise<readonly Claimed[]> {
  const { orders, inbox, observer, store } = loop
  const sent = sentClaims(loop)
  const claimed: Claimed[] = []
  const isOurs = (record: OrderRecord | undefined) => record !== undefined && sent.storedIn(record) !== undefined
  let pending = arrivals
  let known = records
  while (pending.size > 0) {
    const step = sent.next()
    const writes = [...pending].flatMap(([key, list]) => {
      const before = known.get(key)
      const entries = list.map(({ entry }) => entry)
      const after = arrive(before ?? unseen(needsPrerequisite(loop, key)), entries, step)
      return after ? [{ key, before, after }] : []
    })
    if (writes.length === 0) return claimed
    const take = (key: OrderKey, record: OrderRecord) => {
      const claim = sent.storedIn(record)
      if (claim) claimed.push({ key, ...claim, record, atHand: pending.get(key) ?? [] })
    }
    const written = await store.once(() => orders.write(writes))
    if (written === writes.length) {
      for (const { key, after } of writes) take(key, after)
      return claimed
    }
    observer.count('claim_conflicts', writes.length - (written ?? 0))
    known = await store.persist(() => orders.read(writes.map(({ key }) => key)))
    for (const [key, record] of known) take(key, record) // what carries a token of ours is ours after all
    const others = writes.filter(({ key }) => !isOurs(known.get(key)))
    const states = await store.persist(() => inbox.states(others.flatMap(({ key }) => idsOf(pending.get(key)))))
    pending = new Map(
      others.flatMap(({ key }) => {
        const open = pending.get(key)?.filter(({ id }) => states.get(id) === 'open') ?? []
        return open.length > 0 ? [[key, open]] : []
      }),
    )
  }
  return claimed
}

function needsPrerequisite(loop: Loop, key: OrderKey): boolean {
  return creatingEvent(loop.consumer, ofOrderKey(key).source) !== null
}

function idsOf(arrivals: readonly Arrival[] | undefined): readonly string[] {
  return arrivals?.map(({ id }) => id) ?? []
}
