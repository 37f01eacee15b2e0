import { openDatabase } from '@hookline/inbox'

interface StoredOrder {
  readonly known: boolean
  readonly owner?: string
  readonly lane: readonly { readonly creating: boolean }[]
  readonly dead: readonly object[]
}

/** The database of a service that has the kit. */
export interface Store {
  /** What is not finished yet, in words; empty where nothing happens until somebody sends something. */
  unfinished(): Promise<string>
  close(): Promise<void>
}

export function store(uri: string, service: string): Store {
  const { db, close } = openDatabase({ uri, database: service, appName: 'hookline conformance' })
  return {
    async unfinished() {
      const [open, busy] = await Promise.all([
        db.collection('webhook_events').countDocuments({ state: 'open' }),
        db
          .collection<StoredOrder>('orders')
          .find({ $or: [{ 'lane.0': { $exists: true } }, { 'dead.0': { $exists: true } }] })
          .toArray(),
      ])
      const idle = busy.reduce((sum, order) => sum + order.dead.length + (isParked(order) ? order.lane.length : 0), 0)
      const working = busy.filter(order => order.lane.length > 0 && !isParked(order)).length
      return open === idle && working === 0 ? '' : `${open - idle} events open, ${working} lanes not empty`
    },
    close,
  }
}

function isParked(order: StoredOrder): boolean {
  return !order.known && order.owner === undefined && !order.lane.some(entry => entry.creating)
}
