import { type Entry, type OrderRecord, settle } from '@hookline/delivery'
import { isFinished, type Lane, runList } from './lane.ts'
import { type Loop, stepNow } from './loop.ts'
import type { Observer } from './observer.ts'
import type { Fact, OrderKey } from './ports.ts'
import { route } from './route.ts'
import { tellBuried } from './tell.ts'

/** What became of a lane's claim. */
export type Released =
  /** Nothing of it is left to do for us: freed, backing off, or somebody else's by now. */
  | { kind: 'over' }
  /** The claim goes on under the same token: there was more in the lane. */
  | { kind: 'goes on'; record: OrderRecord; claimedAtMs: number }

/**
 * F and R. Lanes that end while a release is under way wait for the next one and share it, so that one `updateMany`
 * serves many orders and a slow lane delays none.
 */
export function releaser(loop: Loop): (lane: Lane) => Promise<Released> {
  let waiting: { lane: Lane; resolve: (released: Released) => void; reject: (error: unknown) => void }[] = []
  let releasing = false

  async function releaseAll(): Promise<void> {
    releasing = true
    while (waiting.length > 0) {
      const batch = waiting
      waiting = []
      try {
        const released = await release(
          loop,
          batch.map(({ lane }) => lane),
        )
        for (const { lane, resolve } of batch) resolve(released.get(lane) ?? { kind: 'over' })
      } catch (error) {
        for (const { reject } of batch) reject(error) // the service ends
      }
    }
    releasing = false
  }

  return lane =>
    new Promise((resolve, reject) => {
      waiting.push({ lane, resolve, reject })
      if (!releasing) void releaseAll()
    })
}

async function release(loop: Loop, lanes: readonly Lane[]): Promise<ReadonlyMap<Lane, Released>> {
  const facts = factsOf(loop, lanes)
  if (facts.length > 0) await loop.store.persist(() => loop.inbox.finish(facts)) // F before R: who takes over reads it
  const wentWell = (lane: Lane) =>
    lane.record.planned !== undefined && runList(lane.record).every(entry => isFinished(entry, lane))
  const singly = await releaseWhole(loop, lanes.filter(wentWell))
  singly.push(...lanes.filter(lane => !wentWell(lane)))
  return new Map(await Promise.all(singly.map(async lane => [lane, await settleOne(loop, lane)] as const)))
}

/** What is finished, by state and note: mostly one update. */
function factsOf(loop: Loop, lanes: readonly Lane[]): readonly Fact[] {
  const finished = lanes.flatMap(lane =>
    runList(lane.record)
      .filter(entry => isFinished(entry, lane))
      .map(entry => ({ id: entry.id, state: stateOf(loop, lane, entry), note: lane.notes.get(entry.id) })),
  )
  return [...Map.groupBy(finished, ({ state, note }) => `${state} ${note ?? ''}`).values()].flatMap(group => {
    const [first] = group
    if (!first) return []
    const ids = group.map(({ id }) => id)
    return [{ ids, state: first.state, ...(first.note !== undefined && { note: first.note }) }]
  })
}

/** Stale only where every effect that the event ever had here was. */
function stateOf(loop: Loop, lane: Lane, entry: Entry): 'done' | 'stale' {
  const outcomes = lane.outcomes.get(entry.id)
  const event = lane.events.get(entry.id)
  const all = entry.effects.length > 0 && entry.effects.every(({ name }) => outcomes?.get(name)?.kind === 'stale')
  return all && event && route(loop.consumer, event).effects.length === entry.effects.length ? 'stale' : 'done'
}

/** R, all went well: one `updateMany` per token. Returns the lanes that somebody added to meanwhile. */
async function releaseWhole(loop: Loop, lanes: readonly Lane[]): Promise<Lane[]> {
  const groups = [...Map.groupBy(lanes, ({ lease }) => lease.token)]
  const left = await Promise.all(
    groups.map(async ([token, group]) => {
      const keys = group.map(({ lease }) => lease.key)
      const released = await loop.orders.release(keys, token).catch(loop.store.failed)
      if (released === keys.length) return []
      const records = await loop.store.persist(() => loop.orders.read(keys))
      return group.filter(({ lease }) => records.get(lease.key)?.owner === token)
    }),
  )
  return left.flat()
}

/** R, every other lane: read, settle, write by `{_id, rev}`; conflict: read again; another owner: we were a zombie. */
async function settleOne(loop: Loop, { lease, outcomes }: Lane): Promise<Released> {
  const { orders, store } = loop
  let mayBeWritten = false
  for (;;) {
    const records = await store.persist(() => orders.read([lease.key]))
    const claimedAtMs = loop.monotonicMs()
    const before = records.get(lease.key)
    const after = before && settle(before, outcomes, stepNow(loop, lease.token))
    if (!after) return { kind: 'over' }
    // A write without an answer that kept the token may have been carried out: settled twice, tries would count twice.
    // The lease runs out and the inbox tells the next owner what is done.
    if (mayBeWritten) return { kind: 'over' }
    const written = await orders.write([{ key: lease.key, before, after }]).catch(store.failed)
    if (written === undefined) mayBeWritten = after.owner === lease.token
    if (written === 1) {
      tellSettled(loop.observer, lease.key, before, after)
      return after.owner === lease.token ? { kind: 'goes on', record: after, claimedAtMs } : { kind: 'over' }
    }
  }
}

function tellSettled(observer: Observer, order: OrderKey, before: OrderRecord, after: OrderRecord): void {
  const tries = (record: OrderRecord) => record.lane.reduce((sum, entry) => sum + entry.tries, 0)
  const retried = tries(after) - tries(before)
  if (retried > 0) observer.count('retries', retried)
  tellBuried(observer, order, before, after)
}
