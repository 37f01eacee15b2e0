import type { DeadReason } from '@hookline/delivery'
import type { DeadLetterReason, OrderKey } from './ports.ts'

/** What a service counts. Labels come from fixed sets or from declarations, never from input. */
export type Counter =
  /** Events new in the inbox. */
  | 'events_accepted'
  /** Deliveries of events that were done, stale, in the lane or dead already. */
  | 'duplicates_dropped'
  /** Records of events that this service has no effect for. */
  | 'events_skipped'
  | 'dead_letters'
  /** Effects attempted, by how they ended. */
  | 'effects'
  | 'notes'
  | 'claim_conflicts'
  | 'leases_lost'
  | 'leases_taken_over'
  | 'retries'
  | 'entries_dead'
  | 'prerequisites_never_arrived'
  /** Open events that were in no order record: should be none. */
  | 'swept'
  | 'store_failures'

export interface Labels {
  effect?: string
  outcome?: string
  reason?: DeadLetterReason | DeadReason
  note?: string
}

/** One line per event and attempt: every decision in it. */
export interface EventLine {
  order: OrderKey
  event: string
  version: string
  outcome: 'done' | 'stale' | 'unfinished'
  effects: Readonly<Record<string, string>>
  tries: number
  detail?: string
}

/** Where a service's loop says what it did. Must not throw. */
export interface Observer {
  count(counter: Counter, by: number, labels?: Labels): void
  effectTook(effect: string, ms: number): void
  event(line: EventLine): void
  warn(fields: object, message: string): void
}
