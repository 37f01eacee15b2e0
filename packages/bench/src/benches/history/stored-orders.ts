import { migrate } from '@hookline/inbox'
import { type Document, MongoClient } from 'mongodb'
import { ID_END, IDS, type Life, orderIdOf, STRIDE, TEN_DIGITS } from '../../records/copies.ts'
import { mongodbOf, type Stage } from '../../stage.ts'

const [EVENTS, ORDERS] = ['webhook_events', 'orders']
/** One document for each thousand orders, so that MongoDB makes them by itself. */
const THOUSAND = 1_000

export interface StoredOrders {
  /** The database where a service has worked off one order of each life, number n with the n-th. */
  readonly from: string
  /** The database that gets the others; it is not there yet. */
  readonly into: string
  readonly orders: number
  readonly lives: readonly Life[]
}

/**
 * Stores orders with their events done, order n with the n-th life. They are copies of what the service itself wrote, so that
 * there is no second place where the format stands. Resolves with the number of the events.
 */
export async function storeOrders(stage: Stage, { from, into, orders, lives }: StoredOrders): Promise<number> {
  const client = new MongoClient(mongodbOf(stage))
  try {
    const [source, target] = [client.db(from), client.db(into)]
    const written: Document[][] = []
    const records: Document[] = []
    for (const [n, life] of lives.entries()) {
      const order_id = orderIdOf(n)
      const events = await source.collection(EVENTS).find({ order_id, state: 'done' }).toArray()
      const [record, ...others] = await source.collection(ORDERS).find({ order_id }).toArray()
      if (events.length !== life.length || record === undefined || others.length > 0) {
        throw new Error(`${from} has not what it needs to have of order ${order_id}`)
      }
      written.push(events.map(({ _id, ...fields }) => fields))
      records.push(record)
    }
    const thousands = target.collection('thousands')
    await thousands.insertMany(Array.from({ length: orders / THOUSAND }, (_, k) => ({ k })))
    const run = async (pipeline: readonly Document[]) => {
      const { signal } = stage.session
      await thousands.aggregate([...NUMBERS, ...pipeline], { allowDiskUse: true, signal }).toArray()
    }
    await run([
      { $project: { id: ID, is: ofLife(written) } },
      { $unwind: '$is' },
      {
        $replaceWith: {
          $mergeObjects: [
            '$is',
            { order_id: '$id', body: { $replaceOne: { input: '$is.body', find: '$is.order_id', replacement: '$id' } } },
          ],
        },
      },
      { $out: EVENTS },
    ])
    await run([
      { $project: { id: ID, is: ofLife(records) } },
      { $replaceWith: { $mergeObjects: ['$is', { _id: { $concat: ['$is.source', ':', '$id'] }, order_id: '$id' }] } },
      { $out: ORDERS },
    ])
    await thousands.drop()
    stage.progress('making their indexes')
    await migrate(mongodbOf(stage), into)
    return await target.collection(EVENTS).estimatedDocumentCount()
  } finally {
    await client.close()
  }
}

/** `n`: each number of an order. */
const NUMBERS = [
  {
    $project: {
      _id: 0,
      n: { $range: [{ $multiply: ['$k', THOUSAND] }, { $multiply: [{ $add: ['$k', 1] }, THOUSAND] }] },
    },
  },
  { $unwind: '$n' },
]

/** `orderIdOf`, as MongoDB says it. */
const ID = {
  $concat: [
    {
      $substrCP: [
        { $toString: { $toLong: { $add: [TEN_DIGITS, { $mod: [{ $multiply: ['$n', STRIDE] }, IDS] }] } } },
        1,
        10,
      ],
    },
    ID_END,
  ],
}

function ofLife(values: readonly unknown[]): Document {
  return { $arrayElemAt: [{ $literal: values }, { $mod: ['$n', values.length] }] }
}
