import type { MongoClient } from 'mongodb'
import type { ConsumerName } from '../../src/demo/judged.ts'
import type { LedgerEntry, Ledgers } from './targets.ts'

interface OrderRecord {
  readonly _id: string
  readonly order_id: string
  readonly owner?: string
  readonly planned?: object
  readonly wake_at?: Date
  readonly lane: readonly object[]
  readonly dead: readonly object[]
  readonly floors: Readonly<Record<string, { readonly version: string }>>
}

/**
 * Which order records of the services that have a ledger to compare with are not at rest, or say something else of their
 * effects than the target does, in words. Only where all is settled and nothing is dead.
 */
export async function wrongRecords(mongo: MongoClient, { erp, wms }: Ledgers): Promise<string[]> {
  const wrong = await Promise.all([wrongOf(mongo, 'erp-sync', erp), wrongOf(mongo, 'wms', wms)])
  return wrong.flat()
}

async function wrongOf(mongo: MongoClient, service: ConsumerName, ledger: readonly LedgerEntry[]): Promise<string[]> {
  const executed = Map.groupBy(
    ledger.filter(entry => entry.executed),
    ({ order_id, effect }) => `${order_id} ${effect}`,
  )
  const records = await mongo.db(service).collection<OrderRecord>('orders').find().toArray()
  return records.flatMap(record => {
    const { _id, order_id, floors } = record
    const floorsThatDiffer = Object.entries(floors).filter(([key, { version }]) => {
      const [effect = ''] = key.split('/', 1)
      return executed.get(`${order_id} ${effect}`)?.at(-1)?.version !== version
    })
    const wrongFloors = floorsThatDiffer.map(([key, { version }]) => `floor ${key} is ${version}`)
    return [...(isAtRest(record) ? [] : ['not at rest']), ...wrongFloors].map(what => `${service} ${_id}: ${what}`)
  })
}

function isAtRest({ owner, planned, wake_at, lane, dead }: OrderRecord): boolean {
  return owner === undefined && planned === undefined && wake_at === undefined && lane.length + dead.length === 0
}
