import type { DeliveryPolicy } from '@hookline/delivery'

/** What an operator sets. Milliseconds, unless it says otherwise. */
export interface Settings extends Omit<DeliveryPolicy, 'onParkExpired'> {
  /** How long the inbox remembers an event after it is finished: older ones never run by themselves. */
  inboxTtlMs: number
  /** How often the scheduler looks for what is due. */
  schedulerMs: number
  sweeperMs: number
  /** How long the end of the service waits for running handlers; then their leases run out. */
  shutdownMs: number
  /** Lanes whose effects run at the same time. */
  maxRunningLanes: number
  /** Lanes claimed and not yet released, above which no slice is accepted. */
  maxLanes: number
  /** The same in bytes of event bodies. */
  maxLaneBytes: number
}

const SECOND_MS = 1_000
const HOUR_MS = 3_600_000

export const defaultSettings: Settings = {
  leaseMs: 30 * SECOND_MS,
  backOff: { minMs: SECOND_MS, maxMs: 300 * SECOND_MS },
  outageBackOffMaxMs: 30 * SECOND_MS,
  deadAfterMs: 24 * HOUR_MS,
  maxLostLeases: 5,
  parkMaxMs: 24 * HOUR_MS,
  laneCap: 1_000,
  inboxTtlMs: 30 * 24 * HOUR_MS,
  schedulerMs: SECOND_MS,
  sweeperMs: 60 * SECOND_MS,
  shutdownMs: 15 * SECOND_MS,
  maxRunningLanes: 128,
  maxLanes: 2_000,
  maxLaneBytes: 64 * 1024 * 1024,
}
