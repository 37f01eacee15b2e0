import { ofOrderKey, type OrderKey } from '@hookline/consumer/loop'
import type { DeadEntry, EffectState, Entry, Floor, Floors, OrderRecord } from '@hookline/delivery'

type Dated<T, Times extends keyof T> = Omit<T, Times> & { [time in keyof Pick<T, Times>]: Date }

/** `state` is JSON text: what a handler keeps is its own, and comes back just as it was. */
type FloorDocument = Omit<Dated<Floor, 'last_webhook_at'>, 'state'> & { state?: string }
type FloorsDocument = Readonly<Record<string, FloorDocument>>
type EntryDocument = Dated<Entry, 'last_webhook_at' | 'since' | 'first_tried_at'>
type DeadEntryDocument = Dated<DeadEntry, 'last_webhook_at' | 'since' | 'first_tried_at' | 'dead_at'>

/** One order as `orders` has it: the record with dates in place of milliseconds and texts, so that a person can read it. */
export interface OrderDocument
  extends Omit<OrderRecord, 'last_webhook_at' | 'floors' | 'planned' | 'lane' | 'dead' | 'wake_at'> {
  _id: OrderKey
  source: string
  order_id: string
  last_webhook_at: Date
  floors: FloorsDocument
  lane: readonly EntryDocument[]
  dead: readonly DeadEntryDocument[]
  wake_at?: Date
  planned?: FloorsDocument
}

// Fields that this version does not know are carried along: while a newer one is rolled out, both write.

export function toOrderDocument(key: OrderKey, record: OrderRecord): OrderDocument {
  const { last_webhook_at, floors, lane, dead, wake_at, planned, ...same } = record
  return {
    _id: key,
    ...ofOrderKey(key),
    ...same,
    last_webhook_at: new Date(last_webhook_at),
    floors: floorsToDocument(floors),
    lane: lane.map(entryToDocument),
    dead: dead.map(entry => ({ ...entryToDocument(entry), dead_at: new Date(entry.dead_at) })),
    ...(wake_at !== undefined && { wake_at: new Date(wake_at) }),
    ...(planned && { planned: floorsToDocument(planned) }),
  }
}

export function toOrderRecord(document: OrderDocument): OrderRecord {
  const { _id, source: _, order_id: __, last_webhook_at, floors, lane, dead, wake_at, planned, ...same } = document
  return {
    ...same,
    last_webhook_at: last_webhook_at.toISOString(),
    floors: floorsFromDocument(floors),
    lane: lane.map(entryFromDocument),
    dead: dead.map(entry => ({ ...entryFromDocument(entry), dead_at: entry.dead_at.getTime() })),
    ...(wake_at && { wake_at: wake_at.getTime() }),
    ...(planned && { planned: floorsFromDocument(planned) }),
  }
}

function entryToDocument<T extends Entry>(entry: T) {
  const { last_webhook_at, since, first_tried_at, ...same } = entry
  return {
    ...same,
    last_webhook_at: new Date(last_webhook_at),
    since: new Date(since),
    ...(first_tried_at !== undefined && { first_tried_at: new Date(first_tried_at) }),
  }
}

function entryFromDocument<T extends EntryDocument>(entry: T) {
  const { last_webhook_at, since, first_tried_at, ...same } = entry
  return {
    ...same,
    last_webhook_at: last_webhook_at.toISOString(),
    since: since.getTime(),
    ...(first_tried_at && { first_tried_at: first_tried_at.getTime() }),
  }
}

function floorsToDocument(floors: Floors): FloorsDocument {
  return mapValues(floors, ({ state, last_webhook_at, ...same }) => ({
    ...same,
    last_webhook_at: new Date(last_webhook_at),
    ...(state && { state: JSON.stringify(state) }),
  }))
}

function floorsFromDocument(floors: FloorsDocument): Floors {
  return mapValues(floors, ({ state, last_webhook_at, ...same }) => ({
    ...same,
    last_webhook_at: last_webhook_at.toISOString(),
    ...(state !== undefined && { state: stateFrom(state) }),
  }))
}

function stateFrom(text: string): EffectState {
  const state: EffectState = JSON.parse(text)
  return state
}

function mapValues<From, To>(values: Readonly<Record<string, From>>, map: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value)]))
}
