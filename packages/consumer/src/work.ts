import { parseEvent } from '@hookline/contracts'
import type { Claimed } from './claim.ts'
import { type Lane, runLane, runList } from './lane.ts'
import type { Leases } from './lease.ts'
import type { Loop } from './loop.ts'
import type { Released } from './release.ts'
import { tellAttempts } from './tell.ts'

export interface Workshop {
  loop: Loop
  leases: Leases
  release: (lane: Lane) => Promise<Released>
  /** Bounds the lanes whose events are in memory and whose effects run at the same time. */
  slot: <T>(run: () => Promise<T>) => Promise<T>
}

/** E, F, R for one order, as often as there is more in its lane. Rejects only when the service ends. */
export async function work(shop: Workshop, claimed: Claimed): Promise<void> {
  const { loop } = shop
  let { token, record, claimedAtMs } = claimed
  let events = new Map(claimed.atHand.map(({ id, event }) => [id, event]))
  for (;;) {
    const lease = shop.leases.hold(claimed.key, token, claimedAtMs)
    const lane: Lane = { lease, record, events, outcomes: new Map(), notes: new Map() }
    try {
      await shop.slot(() => runHere(lane, loop))
    } finally {
      shop.leases.letGo(lease) // also what failed: renewed for ever, its order would stand still for ever
    }
    const released = await shop.release(lane)
    tellAttempts(loop.observer, lane)
    if (released.kind === 'over') return
    ;({ token, record, claimedAtMs } = released)
    const left = new Set(record.lane.map(({ id }) => id))
    events = new Map([...events].filter(([id]) => left.has(id)))
  }
}

async function runHere(lane: Lane, loop: Loop): Promise<void> {
  if (loop.isClosing()) return // it waited for its turn: somebody else begins it
  await fetchMissing(lane, loop)
  await runLane(lane, loop)
}

/** What came with an earlier slice is read from the inbox. An event that is not there, or not readable now, is not added. */
async function fetchMissing({ record, events }: Lane, { inbox, store, observer }: Loop): Promise<void> {
  const missing = runList(record).flatMap(({ id }) => (events.has(id) ? [] : [id]))
  if (missing.length === 0) return
  for (const [id, event] of await store.persist(() => inbox.load(missing))) {
    try {
      events.set(id, parseEvent(event))
    } catch (error) {
      observer.warn({ id, error }, 'an event of the inbox cannot be read any more')
    }
  }
}
