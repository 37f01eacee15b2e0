import type { DeliveryPolicy } from '../../src/index.ts'
import type { Random } from '@hookline/testkit'
import type { Variant } from './variants.ts'

/** Times of one schedule, in ticks of its clock. */
export interface Limits {
  policy: DeliveryPolicy
  /** An instance waits this long for an answer of the target. */
  effectMs: number
  /** Kept between the end of the last call and the end of the lease; more than twice `clockErrorMs`. */
  marginMs: number
  /** How far an instance's idea of the server's clock may be off, to either side. */
  clockErrorMs: number
  retryAfterMs: number
  /** The longest back-off that a decision may choose. */
  longestWaitMs: number
  tickChance: number
  crashChance: number
  pauseChance: number
  /** Pauses aimed at the narrow places. */
  gapChance: number
  produceChance: number
}

export function chooseLimits(random: Random, { faults, onParkExpired }: Variant): Limits {
  const all = faults === 'all'
  const backOff = { minMs: 8, maxMs: 32 }
  const retryAfterMs = 36
  return {
    policy: {
      leaseMs: faults === 'targets' ? 10_000_000 : random.pick([60, 100, 200]),
      backOff,
      deadAfterMs: random.pick([20, 60]),
      outageBackOffMaxMs: 16,
      maxLostLeases: 4,
      parkMaxMs: random.pick([100, 400]),
      onParkExpired,
      laneCap: 4,
    },
    effectMs: 20,
    marginMs: 5,
    clockErrorMs: 2,
    retryAfterMs,
    longestWaitMs: Math.max(backOff.maxMs, retryAfterMs),
    tickChance: random.pick([0.05, 0.2, 0.5]),
    crashChance: all ? random.pick([0, 0.005, 0.02]) : 0,
    pauseChance: all ? random.pick([0, 0.005, 0.02]) : 0,
    gapChance: all ? random.pick([0, 0, 0.05]) : 0,
    produceChance: random.pick([0.03, 0.15]),
  }
}
