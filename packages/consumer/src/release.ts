import { type Entry, type OrderRecord, settle } from '@hookline/delivery'
import type { HandledEvent } from './effect.ts'
import { isFinished, type Lane, runList } from './lane.ts'
import type { Loop } from './loop.ts'
import type { Observer } from './observer.ts'
import type { Fact, OrderKey } from './ports.ts'
import { route } from './route.ts'
import { sentClaims } from './sent-claims.ts'
import { reached } from './steps.ts'
import { tellBuried } from './tell.ts'

/** What became of a lane's claim. */
export type Released =
  /** Nothing of it is left to do for us: freed, backing off, or somebody else's by now. */
  | { kind: 'over' }
  /** There was more in the lane, and it is claimed anew. */
  | { kind: 'goes on'; token: string; record: OrderRecord; claimedAtMs: number }

/**
 * F and R. Lanes that end while a release is under way wait for the next one and share it, so that one `updateMany`
 * serves many orders and a slow lane delays none.
 */
export function releaser(loop: Loop): (lane: Lane) => Promise<Released> {
  let waiting: {
    lane: Lane
    resolve: (released: Released | Promise<Released>) => void
    reject: (error: unknown) => void
  }[] = []
  let releasing = false

  async function releaseAll(): Promise<void> {
    releasing = true
    while (waiting.length > 0) {
      const batch = waiting
      waiting = []
      try {
        const left = await release(
          loop,
          batch.map(({ lane }) => lane),
        )
        // settled apart: an order that cannot be written keeps no other one from its release
        for (const { lane, resolve } of batch) resolve(left.has(lane) ? settleOne(loop, lane) : { kind: 'over' })
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

/** Returns the lanes that are still to be settled. */
async function release(loop: Loop, lanes: readonly Lane[]): Promise<ReadonlySet<Lane>> {
  const facts = factsOf(loop, lanes)
  if (facts.length > 0) {
    await loop.store.persist(() => loop.inbox.finish(facts)) // F before R: who takes over reads it
    reached('facts_stored')
  }
  const wentWell = (lane: Lane) =>
    lane.record.planned !== undefined && runList(lane.record).every(entry => isFinished(entry, lane))
  const grown = await releaseWhole(loop, lanes.filter(wentWell))
  return new Set([...grown, ...lanes.filter(lane => !wentWell(lane))])
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
  return all && event && countEffects(loop, event) === entry.effects.length ? 'stale' : 'done'
}

/** undefined: a declaration threw, which it did not when the event was accepted. */
function countEffects({ consumer }: Loop, event: HandledEvent): number | undefined {
  try {
    return route(consumer, event).effects.length
  } catch {
    return undefined
  }
}

/** R, all went well: one `updateMany` per token. Returns the lanes that somebody added to meanwhile. */
async function releaseWhole(loop: Loop, lanes: readonly Lane[]): Promise<Lane[]> {
  const groups = [...Map.groupBy(lanes, ({ lease }) => lease.token)]
  const left = await Promise.all(
    groups.map(async ([token, group]) => {
      const keys = group.map(({ lease }) => lease.key)
      const released = await loop.store.once(() => loop.orders.release(keys, token))
      if (released === keys.length) {
        reached('released')
        return []
      }
      const records = await loop.store.persist(() => loop.orders.read(keys))
      return group.filter(({ lease }) => records.get(lease.key)?.owner === token)
    }),
  )
  return left.flat()
}

/** R, every other lane: read, settle, write by `{_id, rev}`; conflict: read again; another owner: we were a zombie. */
async function settleOne(loop: Loop, { lease, outcomes }: Lane): Promise<Released> {
  const { orders, store } = loop
  const sent = sentClaims(loop)
  for (;;) {
    const records = await store.persist(() => orders.read([lease.key]))
    const before = records.get(lease.key)
    if (!before) return { kind: 'over' }
    const claim = sent.storedIn(before) // by a write without an answer
    if (claim) return { kind: 'goes on', record: before, ...claim }
    const end = { ...sent.next(), ranUnder: lease.token, last: loop.isClosing() }
    const after = settle(before, outcomes, end)
    if (!after) return { kind: 'over' }
    reached('settling')
    const written = await store.once(() => orders.write([{ key: lease.key, before, after }]))
    if (written !== 1) continue
    reached('settled')
    tellSettled(loop.observer, lease.key, before, after)
    const next = sent.storedIn(after)
    return next ? { kind: 'goes on', record: after, ...next } : { kind: 'over' }
  }
}

function tellSettled(observer: Observer, order: OrderKey, before: OrderRecord, after: OrderRecord): void {
  const tries = (record: OrderRecord) => record.lane.reduce((sum, entry) => sum + entry.tries, 0)
  const retried = tries(after) - tries(before)
  if (retried > 0) observer.count('retries', retried)
  tellBuried(observer, order, before, after)
}
