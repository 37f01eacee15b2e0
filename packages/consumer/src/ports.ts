import type { WebhookEvent } from '@hookline/contracts'
import type { OrderRecord } from '@hookline/delivery'

/** A record as it came from Kafka, not yet read. */
export interface RawRecord {
  topic: string
  partition: number
  offset: string
  key: Buffer | null
  value: Buffer | null
}

/** Where records come from: at least once, in any order, some twice. */
export interface RecordSource {
  /**
   * Forms slices across partitions and calls `accept` with one at a time. The offsets of a slice are resolved and
   * committed only after `accept` resolved; a slice whose `accept` rejects is delivered again.
   * Resolves after `close`; rejects when the source ended for good and the process must end too.
   */
  run(accept: (slice: readonly RawRecord[]) => Promise<void>): Promise<void>
  /** No more slices; waits for the one being accepted. */
  close(): Promise<void>
}

/** Where records go that no order record can hold: unreadable ones, and those older than what the inbox remembers. */
export interface DeadLetters {
  /** Resolves when they are stored. `message` is free of bodies and secrets. */
  send(letters: readonly { record: RawRecord; reason: DeadLetterReason; message: string }[]): Promise<void>
}

/** Why a record is in the dead-letter topic. */
export const DEAD_LETTER_REASONS = ['unreadable', 'too_old', 'lane_full'] as const
export type DeadLetterReason = (typeof DEAD_LETTER_REASONS)[number]

/** `open`, or terminal: `done`, `stale`. What is dead stays open here; the order record tells. */
export type InboxState = 'open' | 'done' | 'stale'

/** An event of the inbox. */
export interface InboxEvent extends WebhookEvent {
  id: string
}

/** A service's events, one document per identity, guarded by the unique index `webhook_event_dedupe`. */
export interface Inbox {
  /**
   * One unordered insert, state `open`. The answer is in the order of `events`: the event's id, and whether it is new
   * or what its state was (a duplicate by source, order_id, event, occurrence). Twice in one call: the second is a duplicate.
   */
  accept(events: readonly NewEvent[]): Promise<readonly Accepted[]>
  /** By id; ids that are not there are absent. */
  states(ids: readonly string[]): Promise<ReadonlyMap<string, InboxState>>
  /** By id; ids that are not there are absent. */
  load(ids: readonly string[]): Promise<ReadonlyMap<string, InboxEvent>>
  /** F: `{_id in, state: open}` becomes `state`, with `expires_at`. `note`: what a handler said, such as `no_recipient`. */
  finish(facts: readonly Fact[]): Promise<void>
  /** The sweeper's question: events accepted before `before` (ms, server's clock) that are open, by id, a page from after `after`. */
  openBefore(before: number, limit: number, after?: string): Promise<readonly { id: string; order: OrderKey }[]>
}

export interface NewEvent {
  event: WebhookEvent
  /** Names of the effects that this service has for it. */
  effects: readonly string[]
}

export interface Accepted {
  id: string
  state: 'new' | InboxState
}

export interface Fact {
  ids: readonly string[]
  state: 'done' | 'stale'
  note?: string
}

/** `source:order_id`; a source's name has no colon. */
export type OrderKey = string

/** A compare-and-set: `after` is written where the stored `rev` is `before.rev`, or where there is none yet. */
export interface OrderWrite {
  key: OrderKey
  before: OrderRecord | undefined
  after: OrderRecord
}

/** One document per order. Every write is one document, atomic, `w: majority, j: true`. */
export interface Orders {
  /** Orders that have no record yet are absent. */
  read(keys: readonly OrderKey[]): Promise<ReadonlyMap<OrderKey, OrderRecord>>
  /** One unordered bulk. How many were written; fewer than sent: somebody else was first, read again. */
  write(writes: readonly OrderWrite[]): Promise<number>
  /** R: where `owner` is `token` and `planned` exists, `planned` becomes `floors`, the order is known, lane emptied, freed. */
  release(keys: readonly OrderKey[], token: string): Promise<number>
  /**
   * Where `owner` is `token`: `wake_at` becomes `wakeAt` (ms, server's clock) unless it is later already, as a renewal may
   * arrive after a newer one; `rev` rises.
   */
  renew(keys: readonly OrderKey[], token: string, wakeAt: number): Promise<number>
  /** S: records with `wake_at` not after `now`, the longest due first. */
  due(now: number, limit: number): Promise<ReadonlyMap<OrderKey, OrderRecord>>
}

/** Where the service's own database can do several things as one. */
export interface Transactions {
  /**
   * Runs `work` in a transaction: what it does through what it is given happens as a whole, once it resolved, or not at all.
   * May run it again, when another write came between. Rejects with what `work` threw: nothing was done; or with the store's
   * own error: whether it was done is not known, and a later compare-and-set on the same record decides.
   */
  run<T>(work: (inside: Inside) => Promise<T>): Promise<T>
}

/** What one transaction sees and does. */
export interface Inside {
  readonly orders: Pick<Orders, 'read' | 'write'>
  readonly inbox: Pick<Inbox, 'finish'>
  /** For the handler's own reads and writes. */
  readonly handle: unknown
}

/** The database server's clock as this process knows it, and how wrong that may be. */
export interface ServerClock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Upper bound of the error in milliseconds. */
  errorMs(): number
}
