import type { BackOff } from './back-off.ts'

/** What a service decided on beforehand. Milliseconds. */
export interface DeliveryPolicy {
  leaseMs: number
  backOff: BackOff
  /** The longest back-off of an outage: it ends for all at once, and nobody's attempts are spared by a longer one. */
  outageBackOffMaxMs: number
  /** An event dies after this long of back-off between its own attempts; outages and idle time do not count. */
  deadAfterMs: number
  /** An event that lost this many leases kills its worker. */
  maxLostLeases: number
  /** How long an event waits for its order to be known. */
  parkMaxMs: number
  onParkExpired: 'run' | 'dead'
  /** Entries a lane holds at most; above it they are dead. */
  laneCap: number
}

/** What one effect does otherwise than the service's policy when an attempt did not succeed. */
export interface Retries {
  /** The first back-off; doubles from there. Milliseconds. */
  readonly backOffMinMs?: number
  /** The longest back-off. Milliseconds. */
  readonly backOffMaxMs?: number
  /** Its event dies after this long of back-off between its own attempts; outages do not count. Milliseconds. */
  readonly deadAfterMs?: number
  /** Its event dies after so many attempts that used one up; outages do not. */
  readonly maxAttempts?: number
}

/** One decision's circumstances. */
export interface Step {
  policy: DeliveryPolicy
  /** Made anew for every claim. */
  token: string
  /** Milliseconds by the database server's clock. */
  now: number
  /** By chance, in [0, 1). */
  jitter: number
}

/** The circumstances of the end of a run. What is left in the lane goes on under `token`. */
export interface RunEnd extends Step {
  /** The token that it ran under. The next run has another: a release of this one may still be on its way. */
  ranUnder: string
  /** Its worker ends: what is left is due at once, for somebody else. */
  last?: boolean
}
