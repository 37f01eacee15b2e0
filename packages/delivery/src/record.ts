/**
 * The newest version that an effect, or a part of it, has applied for one order.
 * `terminal`: it was a terminal event (a cancellation, a full refund); nothing newer passes without a person.
 */
export interface Floor {
  version: string
  /** ISO-8601, UTC, milliseconds: the first part of the version, for people to read. */
  last_webhook_at: string
  terminal?: true
  /** What the effect keeps of its order, as the handler that raised the floor last returned it. */
  state?: EffectState
}

/** A small JSON object that an effect keeps for one order, or a part of it. May hold personal data: never logged. */
export type EffectState = Readonly<Record<string, unknown>>

/** By floor key: the effect's name, or `name/part`. */
export type Floors = Readonly<Record<string, Floor>>

/** One effect that an entry has still to do. */
export interface LaneEffect {
  name: string
  /** Key of the floor that it obeys and raises: policy `latest`. Absent: policy `every`. */
  floor?: string
  /** Applying it makes its floor terminal. */
  terminal?: true
  /** `onDead: hold`: when it is dead, nothing of the order passes it. */
  hold?: true
}

/** An open event in the lane of its order. Times are milliseconds by the database server's clock. */
export interface Entry {
  /** The event's id in the inbox. */
  id: string
  event: string
  version: string
  last_webhook_at: string
  /** It makes the order known. */
  creating: boolean
  effects: readonly LaneEffect[]
  tries: number
  lost_leases: number
  /** When it came into the lane, or was redriven: what waits for the order to be known waits from here. */
  since: number
  first_tried_at?: number
  /** Milliseconds of back-off after its own attempts since then; not those of outages, nor when nobody could try. */
  tried_ms?: number
  /** Outages that its last attempts met, one after another: the back-off of an outage grows by them. */
  outages?: number
  /** In its owner's run list. */
  begun?: true
  /** An earlier attempt may have executed, or may still. */
  unsure?: true
  /** A person let it pass a terminal floor. */
  released_by_person?: true
  /** What the last attempt that did not succeed said; free of secrets and personal data. */
  last_error?: string
}

/** Why an entry was given up. */
export const DEAD_REASONS = [
  'permanent',
  'used_up',
  'kills_its_worker',
  'after_terminal',
  'lane_full',
  'prerequisite_never_arrived',
] as const
export type DeadReason = (typeof DEAD_REASONS)[number]

/** An entry that was given up and waits for a person. */
export interface DeadEntry extends Entry {
  reason: DeadReason
  dead_at: number
  /** The first kilobyte of what the target answered to the last attempt, where it was refused for good. */
  answer?: string
}

/** All that a service knows of one order; the truth about it. Written only by compare-and-set on `rev`. */
export interface OrderRecord {
  rev: number
  /** What makes the order known is done, or nothing needs to. */
  known: boolean
  /** It counts as known because `parkMaxMs` passed. */
  prerequisite_never_arrived?: true
  /** The newest of all events that came, for people to read. */
  last_webhook_at: string
  floors: Floors
  lane: readonly Entry[]
  dead: readonly DeadEntry[]
  /** When the scheduler looks: the end of the lease, of a back-off, or the park limit. Milliseconds, server's clock. */
  wake_at?: number
  /** The token of the claim under which somebody works on it. */
  owner?: string
  /** The floors once the whole lane has run; gone when somebody adds to it. */
  planned?: Floors
}
