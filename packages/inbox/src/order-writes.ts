import type { OrderKey, OrderWrite } from '@hookline/consumer/loop'
import type { OrderRecord } from '@hookline/delivery'
import type { ClientSession, Collection } from 'mongodb'
import { compareAndSet } from './compare-and-set.ts'
import { bulkWithDuplicates } from './duplicates.ts'
import { type OrderDocument, toOrderRecord } from './order-document.ts'

type OrderCollection = Collection<OrderDocument>

/** The transaction that an operation is part of. */
interface In {
  session?: ClientSession
}

// They reject with the driver's own errors.

/** `read` of the port `Orders`. */
export async function readOrders(
  orders: OrderCollection,
  keys: readonly OrderKey[],
  { session }: In = {},
): Promise<ReadonlyMap<OrderKey, OrderRecord>> {
  if (keys.length === 0) return new Map()
  // one answer: the server's own first batch is of 101
  const options = { batchSize: keys.length + 1, ...(session && { session }) }
  return byKey(await orders.find({ _id: { $in: [...keys] } }, options).toArray())
}

/** `write` of the port `Orders`. */
export async function writeOrders(
  orders: OrderCollection,
  writes: readonly OrderWrite[],
  { session }: In = {},
): Promise<number> {
  const possible = session ? await withoutDuplicates(orders, writes, session) : writes
  if (possible.length === 0) return 0
  const operations = compareAndSet(possible)
  const { inserted, modified } = await bulkWithDuplicates(() =>
    orders.bulkWrite(operations, { ordered: false, ...(session && { session }) }),
  )
  return inserted + modified
}

/** A duplicate key, which is an answer otherwise, would end the transaction that it is met in. */
async function withoutDuplicates(
  orders: OrderCollection,
  writes: readonly OrderWrite[],
  session: ClientSession,
): Promise<readonly OrderWrite[]> {
  const inserts = writes.filter(({ before }) => !before).map(({ key }) => key)
  const there = await readOrders(orders, inserts, { session })
  return writes.filter(({ key, before }) => before || !there.has(key))
}

export function byKey(documents: readonly OrderDocument[]): ReadonlyMap<OrderKey, OrderRecord> {
  return new Map(documents.map(one => [one._id, toOrderRecord(one)]))
}
