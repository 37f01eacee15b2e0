import type { Orders } from '@hookline/consumer/loop'
import type { Db } from 'mongodb'
import { ORDERS } from './collections.ts'
import { safely } from './errors.ts'
import type { OrderDocument } from './order-document.ts'
import { byKey, readOrders, writeOrders } from './order-writes.ts'

export function mongoOrders(db: Db): Orders {
  const orders = db.collection<OrderDocument>(ORDERS)

  return {
    read: keys => safely('read', () => readOrders(orders, keys)),
    write: writes => safely('write', () => writeOrders(orders, writes)),

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
