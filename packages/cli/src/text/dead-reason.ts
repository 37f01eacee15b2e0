import type { DeadReason } from '@hookline/delivery'

/** What each reason means for who decides now. */
export const DEAD_REASONS: Readonly<Record<DeadReason, string>> = {
  permanent: 'the target refused it for good',
  used_up: 'its attempts went on for too long without success',
  kills_its_worker: 'whoever worked on it died or hung, again and again',
  after_terminal: 'it is newer than a cancellation or a full refund',
  lane_full: 'its order had too many open events',
  prerequisite_never_arrived: 'what makes its order known never came',
}
