import type { MongoClient } from 'mongodb'
import type { StackInfo } from '../../src/stack-file.ts'
import { CONSUMERS, type ConsumerName } from '../../src/demo/judged.ts'
import { waitFor } from '../../src/wait-for.ts'
import { lagOf } from './kafka.ts'

/** Generous: a rebalance, leases that run out and back-offs all fit in, on a machine that is busy with other things. */
const SETTLE_LIMIT_MS = 150_000

interface StoredEntry {
  readonly id: string
  readonly event: string
  /** It makes its order known. */
  readonly creating: boolean
  readonly tries: number
}

export interface StoredOrder {
  readonly _id: string
  readonly order_id: string
  readonly known: boolean
  readonly owner?: string
  readonly lane: readonly StoredEntry[]
  readonly dead: readonly (StoredEntry & { readonly reason: string; readonly last_error?: string })[]
}

/** What is to be settled: whose lag and whose events. */
export interface Settling {
  readonly info: StackInfo
  readonly mongo: MongoClient
  /** All of them where absent. */
  readonly services?: readonly ConsumerName[]
}

/**
 * Resolves when every record was taken and every event is done, stale or dead, or parked: from then on nothing happens
 * until somebody sends something.
 */
export async function settled({ info, mongo, services = CONSUMERS }: Settling): Promise<void> {
  await Promise.all(
    services.map(async service => {
      let left = ''
      const ask = async () => {
        left = await unfinished(info, mongo, service)
        return left === '' ? true : undefined
      }
      await waitFor(`the end of all work of ${service}`, ask, { limitMs: SETTLE_LIMIT_MS, everyMs: 200 }).catch(
        cause => {
          throw new Error(`${service} has not settled: ${left}`, { cause })
        },
      )
    }),
  )
}

/** The service's order records with something to do. */
export function busyOrders(mongo: MongoClient, service: ConsumerName): Promise<StoredOrder[]> {
  return orders(mongo, service)
    .find({ 'lane.0': { $exists: true } })
    .toArray()
}

/** The service's order records with dead entries. */
export function deadOrders(mongo: MongoClient, service: ConsumerName): Promise<StoredOrder[]> {
  return orders(mongo, service)
    .find({ 'dead.0': { $exists: true } })
    .toArray()
}

/** Every dead entry of every service, as `wms: approved after_terminal`. */
export async function deadEntries(mongo: MongoClient): Promise<string[]> {
  const found = await Promise.all(CONSUMERS.map(async service => ({ service, dead: await deadOrders(mongo, service) })))
  return found.flatMap(({ service, dead }) =>
    dead.flatMap(order => order.dead.map(entry => `${service}: ${entry.event} ${entry.reason}`)),
  )
}

/** What is not finished, in words; empty where everything is. */
async function unfinished(info: StackInfo, mongo: MongoClient, service: ConsumerName): Promise<string> {
  // before the store: what is behind no longer is in the store
  const behind = await lagOf(info, service)
  if (behind > 0) return `${behind} records behind`
  const events = mongo.db(service).collection('webhook_events')
  const [open, busy] = await Promise.all([
    events.countDocuments({ state: 'open' }),
    orders(mongo, service)
      .find({ $or: [{ 'lane.0': { $exists: true } }, { 'dead.0': { $exists: true } }] })
      .toArray(),
  ])
  const idle = busy.reduce((sum, order) => sum + order.dead.length + (isParked(order) ? order.lane.length : 0), 0)
  const working = busy.filter(order => order.lane.length > 0 && !isParked(order)).length
  return open === idle && working === 0 ? '' : `${open - idle} events open, ${working} lanes not empty`
}

function isParked(order: StoredOrder): boolean {
  return !order.known && order.owner === undefined && !order.lane.some(entry => entry.creating)
}

function orders(mongo: MongoClient, service: ConsumerName) {
  return mongo.db(service).collection<StoredOrder>('orders')
}
