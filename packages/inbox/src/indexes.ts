import type { CreateIndexesOptions, IndexDescriptionInfo } from 'mongodb'
import { EVENTS, ORDERS, REDRIVE_ITEMS } from './collections.ts'

/** The index that makes two deliveries of one event one event. */
export const DEDUPE_INDEX = 'webhook_event_dedupe'

/** What the sweeper looks through. */
export const OPEN_INDEX = 'webhook_event_open'

export interface ExpectedIndex {
  collection: string
  name: string
  key: Readonly<Record<string, 1>>
  options: Pick<CreateIndexesOptions, 'unique' | 'expireAfterSeconds' | 'partialFilterExpression'>
}

// Every entry of an index that a write touches costs like a small write: all but the first hold only what they are for.

/** All indexes beside `_id`. */
export const expectedIndexes: readonly ExpectedIndex[] = [
  {
    collection: EVENTS,
    name: DEDUPE_INDEX,
    key: { source: 1, order_id: 1, event: 1, occurrence: 1 },
    options: { unique: true },
  },
  {
    collection: EVENTS,
    name: OPEN_INDEX,
    key: { state: 1, _id: 1, accepted_at: 1 },
    options: { partialFilterExpression: { state: 'open' } },
  },
  {
    collection: EVENTS,
    name: 'webhook_event_expiry',
    key: { expires_at: 1 },
    options: { expireAfterSeconds: 0, partialFilterExpression: { expires_at: { $exists: true } } },
  },
  {
    collection: ORDERS,
    name: 'order_wake',
    key: { wake_at: 1 },
    options: { partialFilterExpression: { wake_at: { $exists: true } } },
  },
  {
    collection: ORDERS,
    name: 'order_dead',
    key: { 'dead.dead_at': 1 },
    options: { partialFilterExpression: { 'dead.dead_at': { $exists: true } } },
  },
  {
    collection: REDRIVE_ITEMS,
    name: 'redrive_item_state',
    key: { redrive: 1, state: 1, n: 1 },
    options: {},
  },
  {
    collection: REDRIVE_ITEMS,
    name: 'redrive_item_order',
    key: { order: 1 },
    options: {},
  },
]

export type IndexProblem = 'missing' | 'different'

/** `stored`: the index of that name as `listIndexes` tells it. */
export function problemOf(expected: ExpectedIndex, stored: IndexDescriptionInfo | undefined): IndexProblem | undefined {
  if (!stored) return 'missing'
  const { unique, expireAfterSeconds, partialFilterExpression, sparse, collation } = stored
  const same =
    canonical(stored.key) === canonical(expected.key) &&
    (unique ?? false) === (expected.options.unique ?? false) &&
    expireAfterSeconds === expected.options.expireAfterSeconds &&
    canonical(partialFilterExpression) === canonical(expected.options.partialFilterExpression) &&
    !sparse &&
    collation === undefined
  return same ? undefined : 'different'
}

/** The order of an index's fields counts. */
function canonical(value: object | undefined): string {
  return JSON.stringify(value ?? {})
}
