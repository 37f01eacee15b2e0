import type { OrderKey, Orders, OrderWrite } from '@hookline/consumer'
import type { AnyBulkWriteOperation, Db } from 'mongodb'
import { ORDERS } from './collections.ts'
import { bulkWithDuplicates } from './duplicates.ts'
import { safely } from './errors.ts'
import { type OrderDocument, toOrderDocument, toOrderRecord } from './order-document.ts'

export function mongoOrders(db: Db): Orders {
  const orders = db.collection<OrderDocument>(ORDERS)

  return {
    read: keys =>
      safely('read', async () => {
        if (keys.length === 0) return new Map()
        return byKey(await orders.find({ _id: { $in: [...keys] } }).toArray())
      }),

    write: writes =>
      safely('write', async () => {
        if (writes.length === 0) return 0
        const operations = writes.map(compareAndSet)
        const { inserted, matched } = await bulkWithDuplicates(() => orders.bulkWrite(operations, { ordered: false }))
        return inserted + matched
      }),

    release: (keys, token) =>
      safely('release', async () => {
        if (keys.length === 0) return 0
        const { matchedCount } = await orders.updateMany(
          { _id: { $in: [...keys] }, owner: token, planned: { $exists: true } },
          {
            $rename: { planned: 'floors' },
            $set: { known: true, lane: [] },
            $unset: { owner: true, wake_at: true },
            $inc: { rev: 1 },
          },
        )
        return matchedCount
      }),

    renew: (keys, token, wakeAt) =>
      safely('renew', async () => {
        if (keys.length === 0) return 0
        const { matchedCount } = await orders.updateMany(
          { _id: { $in: [...keys] }, owner: token },
          { $max: { wake_at: new Date(wakeAt) }, $inc: { rev: 1 } }, // one that comes late shortens nothing
        )
        return matchedCount
      }),

    due: (now, limit) =>
      safely('due', async () => {
        const found = orders.find({ wake_at: { $lte: new Date(now) } })
        return byKey(await found.sort({ wake_at: 1 }).limit(limit).toArray())
      }),
  }
}

/** An insert that meets a duplicate key, or a `rev` that matches nothing: somebody else was first. */
function compareAndSet({ key, before, after }: OrderWrite): AnyBulkWriteOperation<OrderDocument> {
  const document = toOrderDocument(key, after)
  if (!before) return { insertOne: { document } }
  return { replaceOne: { filter: { _id: key, rev: before.rev }, replacement: document } }
}

function byKey(documents: readonly OrderDocument[]) {
  return new Map<OrderKey, ReturnType<typeof toOrderRecord>>(documents.map(one => [one._id, toOrderRecord(one)]))
}
