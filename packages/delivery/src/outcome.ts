import type { Retries } from './policy.ts'
import type { DeadReason } from './record.ts'

/** What became of one effect in one attempt. */
export type Outcome =
  | { kind: 'done' }
  /** Below its floor, skipped. */
  | { kind: 'stale' }
  /** Surely not executed: one try used, back-off. */
  | { kind: 'retry'; message: string; retryAfterMs?: number; retries?: Retries }
  /** May have executed, or may still: one try used, back-off, then alone and before all others. */
  | { kind: 'unknown'; message: string; retryAfterMs?: number; retries?: Retries }
  /** An outage: surely not executed, back-off without a try. */
  | { kind: 'outage'; message: string; retryAfterMs?: number }
  /** Refused for good: dead, once nothing else of the entry is left to do. */
  | {
      kind: 'permanent'
      message: string
      reason: Extract<DeadReason, 'permanent' | 'after_terminal'>
      /** The first kilobyte of what the target answered. */
      answer?: string
    }

/** By effect name; an effect that was not attempted is absent. */
export type EffectOutcomes = ReadonlyMap<string, Outcome>

/** By entry id; an entry that was not reached is absent. */
export type LaneOutcomes = ReadonlyMap<string, EffectOutcomes>
