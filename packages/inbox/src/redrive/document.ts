import type { OrderKey } from '@hookline/consumer/loop'
import type { DeadReason, Forecast } from '@hookline/delivery'
import type { ObjectId } from 'mongodb'
import type { DeadSelection } from '../dead-selection.ts'

/** A redrive that a person decided on: who, why, what, and how far it is. */
export interface RedriveDocument {
  _id: string
  /**
   * `running`: some events are still to be given back; without a runner it was interrupted. `given_back`: all were, and not
   * all have ended. `ended`: nothing is left to do.
   */
  state: RedriveState
  why: string
  by: string
  created_at: Date
  selection: StoredSelection
  /** Events to give back in a second, at most. */
  rate_per_s: number
  without_prerequisite: boolean
  /** How many are to be given back. */
  events: number
  orders: number
  /** Who works on it now, and until when nobody else may, by the server's clock. */
  runner?: { token: string; name: string; until: Date }
  /** Somebody else wants it to pause. */
  pause_asked_by?: string
  ended_at?: Date
}

export type RedriveState = 'running' | 'paused' | 'given_back' | 'ended'

export interface StoredSelection extends Omit<DeadSelection, 'deadAfter' | 'deadBefore'> {
  dead_after?: Date
  dead_before?: Date
}

/**
 * One death that a redrive is about. It is the death that is given back, not the event: what died once more since then
 * (another `dead_at`) is a death that nobody has looked at yet.
 */
export interface RedriveItemDocument {
  _id: ObjectId
  redrive: string
  /** Orders are given back in this order; all events of one order together. */
  n: number
  order: OrderKey
  event_id: string
  event: string
  version: string
  reason: DeadReason
  dead_at: Date
  /** As it was when the redrive was stored, or when its turn came. */
  forecast: Forecast
  state: RedriveItemState
  given_back_at?: Date
  ended_at?: Date
  /** Why it died once more. */
  died_of?: DeadReason
}

/**
 * `planned`: to be given back. `left`: stays dead, as the forecast says why. `given_back`: in the lane of its order.
 * `done`, `stale`: what the inbox says. `dead_again`: it died once more. `gone`: neither order nor inbox know it any more.
 */
export type RedriveItemState = 'planned' | 'left' | 'given_back' | 'done' | 'stale' | 'dead_again' | 'gone'
