import { type Collection, MongoClient } from 'mongodb'
import { mongodbOf, type Stage } from '../stage.ts'
import type { Expected } from './expected.ts'

/** An order's document of ours (with floors), or of a peer. */
interface OrderDocument {
  readonly _id: string
  readonly version?: string
  readonly lane?: readonly object[]
  readonly dead?: readonly object[]
  readonly floors?: Readonly<Record<string, { readonly version: string }>>
}

/** What one document of each kind takes on disk, its entries in the indexes counted too; in bytes. */
interface Sizes {
  readonly event: number
  readonly order: number
}

/** The database of one consumer, looked at from outside by questions that cost MongoDB next to nothing. */
export interface Store {
  /** Events in the inbox, those of transactions that are under way as well. */
  stored(): Promise<number>
  /** Counted one by one. */
  committed(): Promise<number>
  /** Whether no event is open and no order worked on. Ours only: the question needs its indexes. */
  atRest(): Promise<boolean>
  /** `before`: events that were there already, all of them done. */
  check(expected: Expected, before?: number): Promise<readonly string[]>
  sizes(): Promise<Sizes>
}

export function openStore(stage: Stage, database: string): Store {
  const client = new MongoClient(mongodbOf(stage))
  stage.onClose(() => client.close())
  const events = client.db(database).collection('webhook_events')
  const orders = client.db(database).collection<OrderDocument>('orders')
  return {
    stored: () => events.estimatedDocumentCount(),
    committed: () => events.countDocuments(),
    async atRest() {
      const open = await events.findOne({ state: 'open' }, { projection: { _id: 1 } })
      const worked = await orders.findOne({ wake_at: { $exists: true } }, { projection: { _id: 1 } })
      return open === null && worked === null
    },
    async sizes() {
      const [event, order] = await Promise.all([events, orders].map(bytesOf))
      return { event: event ?? 0, order: order ?? 0 }
    },
    async check(expected, before = 0) {
      const wanted = before + expected.events()
      const done = await events.countDocuments({ state: 'done' })
      const all = await events.countDocuments()
      const newest = new Map(expected.newest)
      for await (const document of orders.find()) {
        if (newest.get(document._id) === versionOf(document)) newest.delete(document._id)
      }
      return [
        ...(all === wanted ? [] : [`${database} has ${all} events instead of ${wanted}`]),
        ...(done === all ? [] : [`${all - done} events of ${database} are not done`]),
        ...(newest.size === 0 ? [] : [`${newest.size} orders of ${database} are not at their newest event`]),
      ]
    },
  }
}

async function bytesOf(collection: Pick<Collection, 'aggregate'>): Promise<number> {
  const [stats] = await collection.aggregate([{ $collStats: { storageStats: {} } }]).toArray()
  const { count, totalSize } = stats?.['storageStats'] ?? {}
  return totalSize / count
}

/** Undefined where something is left to do. */
function versionOf({ version, lane = [], dead = [], floors = {} }: OrderDocument): string | undefined {
  if (lane.length > 0 || dead.length > 0) return undefined
  const [floor] = Object.values(floors)
  return version ?? floor?.version
}
