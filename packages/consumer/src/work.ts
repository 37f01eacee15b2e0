import type { Claimed } from './claim.ts'
import type { HandledEvent } from './define-consumer.ts'
import { type Lane, runLane, runList } from './lane.ts'
import type { Leases } from './lease.ts'
import type { Loop } from './loop.ts'
import { handled } from './read-record.ts'
import type { Released } from './release.ts'
import { tellAttempts } from './tell.ts'

export interface Workshop {
  loop: Loop
  leases: Leases
  release: (lane: Lane) => Promise<Released>
  /** Bounds the lanes whose effects run at the same time. */
  slot: <T>(run: () => Promise<T>) => Promise<T>
}

/** E, F, R for one order, as often as there is more in its lane. Never rejects, but when the service ends. */
export async function work(shop: Workshop, claimed: Claimed): Promise<void> {
  const { loop, leases } = shop
  let { record, claimedAtMs } = claimed
  const events = new Map(claimed.atHand.map(({ id, event }) => [id, event]))
  for (;;) {
    const lease = leases.hold(claimed.key, claimed.token, claimedAtMs)
    await fetchMissing(
      loop,
      events,
      runList(record).map(({ id }) => id),
    )
    const lane: Lane = { lease, record, events, outcomes: new Map(), notes: new Map() }
    await shop.slot(() => runLane(lane, loop))
    leases.letGo(lease)
    const released = await shop.release(lane)
    tellAttempts(loop.observer, lane)
    if (released.kind === 'over') return
    record = released.record
    claimedAtMs = released.claimedAtMs
  }
}

/** What came with an earlier slice is read from the inbox. An event that is not there is not added. */
async function fetchMissing(loop: Loop, events: Map<string, HandledEvent>, ids: readonly string[]): Promise<void> {
  const missing = ids.filter(id => !events.has(id))
  if (missing.length === 0) return
  for (const [id, event] of await loop.store.persist(() => loop.inbox.load(missing))) events.set(id, handled(event))
}
