import { setTimeout as delay } from 'node:timers/promises'
import type { OrderKey } from '@hookline/consumer/loop'
import type { Db } from 'mongodb'
import { REDRIVE_ITEMS } from '../collections.ts'
import { safely } from '../errors.ts'
import { serverNow } from '../server-now.ts'
import type { RedriveItemDocument } from './document.ts'
import { type GivenBack, giveBack } from './give-back.ts'
import type { RedriveLease } from './lease.ts'
import { pace } from './pace.ts'
import { progressOf, type RedriveCounts } from './progress.ts'

export interface RunOptions {
  /** Aborted: pause before the next write. */
  stop: AbortSignal
  /** Wait until everything that was given back has ended. */
  follow: boolean
  /** Instead of what was decided. */
  ratePerS?: number
  /** About once a second. */
  onProgress?: (counts: RedriveCounts) => void
}

/**
 * `given back`: everything was, and the rest is the service's; with `follow`: what has not ended backs off or waits.
 * `paused`: asked for by a signal or by somebody else. `lease lost`: another runner goes on.
 */
export type RunEnd = 'ended' | 'given back' | 'paused' | 'lease lost'

const STATE = { ended: 'ended', 'given back': 'given_back', paused: 'paused' } as const

/** At most so long between two looks at the lease and at what has become of the events. */
const LOOK_EVERY_MS = 1_000

/** An order that somebody works on is asked for again after the others, and not before. */
const WHEN_FREE_MS = 200

/**
 * Gives back what is planned, order by order, then waits for its end. It may be killed anywhere: what is written is in the
 * order records, and whoever goes on reads it there.
 */
export async function runRedrive(db: Db, lease: RedriveLease, options: RunOptions): Promise<RunEnd> {
  const end = (await giveAllBack(db, lease, options)) ?? (await followAll(db, lease, options))
  if (end === 'lease lost') return end
  await lease.letGo(STATE[end])
  return end
}

/** undefined: nothing is planned any more. */
async function giveAllBack(
  db: Db,
  lease: RedriveLease,
  options: RunOptions,
): Promise<'paused' | 'lease lost' | undefined> {
  const { _id: id, rate_per_s, without_prerequisite: withoutPrerequisite } = lease.redrive
  const queue = await plannedOrders(db, id)
  const { dueInMs, spend } = pace(options.ratePerS ?? rate_per_s)
  const tell = teller(db, id, options)
  for (;;) {
    const stands = await lease.renew()
    if (stands === 'lost') return 'lease lost'
    if (queue.length === 0) break
    if (stands === 'pause asked' || options.stop.aborted) return 'paused'
    await tell()
    const waitMs = Math.min(dueInMs(), LOOK_EVERY_MS)
    if (waitMs > 0) {
      await pause(waitMs, options.stop)
      continue
    }
    const next = queue.shift()
    if (!next) break
    const given = await giveBack(db, next.order, next.items, { withoutPrerequisite })
    if (given === 'when free') {
      queue.push(next)
      await pause(WHEN_FREE_MS, options.stop)
      continue
    }
    await note(db, next.items, given)
    spend(next.items.length)
  }
  await lease.reach('given_back')
  return undefined
}

async function followAll(db: Db, lease: RedriveLease, { follow, stop, onProgress }: RunOptions): Promise<RunEnd> {
  for (;;) {
    if ((await lease.renew()) === 'lost') return 'lease lost'
    const counts = await progressOf(db, lease.redrive._id, { note: true })
    onProgress?.(counts)
    if (counts.running + counts.retrying + counts.waiting === 0) return 'ended'
    if (!follow || stop.aborted || counts.running === 0) return 'given back'
    await pause(LOOK_EVERY_MS, stop)
  }
}

interface PlannedOrder {
  order: OrderKey
  items: readonly RedriveItemDocument[]
}

function plannedOrders(db: Db, redrive: string): Promise<PlannedOrder[]> {
  return safely('plannedOrders', async () => {
    const items = db.collection<RedriveItemDocument>(REDRIVE_ITEMS)
    const planned = await items.find({ redrive, state: 'planned' }).sort({ n: 1 }).toArray()
    return [...Map.groupBy(planned, ({ order }) => order)].map(([order, items]) => ({ order, items }))
  })
}

/** A crash before this costs nothing: the order record tells that they were given back. */
async function note(db: Db, items: readonly RedriveItemDocument[], given: GivenBack): Promise<void> {
  const now = new Date(await serverNow(db))
  const operations = items.flatMap(({ _id, event_id }) => {
    const fact = given.get(event_id)
    if (!fact) return []
    const $set = fact.state === 'left' ? fact : { ...fact, given_back_at: now }
    return [{ updateOne: { filter: { _id, state: 'planned' as const }, update: { $set } } }]
  })
  await safely('note', async () => {
    await db.collection<RedriveItemDocument>(REDRIVE_ITEMS).bulkWrite(operations, { ordered: false })
  })
}

function teller(db: Db, id: string, { onProgress }: RunOptions): () => Promise<void> {
  let toldAtMs = Number.NEGATIVE_INFINITY
  return async () => {
    if (!onProgress || performance.now() - toldAtMs < LOOK_EVERY_MS) return
    onProgress(await progressOf(db, id, { note: true }))
    toldAtMs = performance.now()
  }
}

async function pause(ms: number, stop: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal: stop }).catch(() => undefined)
}
