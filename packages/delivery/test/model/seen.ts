/** What a schedule can run into. One that stays at zero over all schedules was not tested. */
export const COUNTERS = [
  'call',
  'zombie call',
  'late execution',
  'ambiguous attempt',
  'crash',
  'pause',
  'rebalance',
  'partitions added',
  'store error',
  'duplicate record',
  'conflict',
  'takeover',
  'renewal',
  'renewal refused',
  'released at once',
  'added to an owned lane',
  'unsure alone',
  'stale',
  'retry',
  'unknown',
  'outage',
  'parked',
  'parked too long ran',
  'held',
  'held by declaration',
  'swept',
  'handed a kept state',
  'transaction committed',
  'transaction ran again',
  'outage again',
  'moved while earlier records wait',
  'moved while retried',
  'moved while something is dead',
  'redriven',
  'released by person',
  'permanent',
  'used_up',
  'kills_its_worker',
  'after_terminal',
  'lane_full',
  'prerequisite_never_arrived',
] as const

type Counter = (typeof COUNTERS)[number]

export type Seen = Record<Counter, number>

export function nothingSeen(): Seen {
  return Object.fromEntries(COUNTERS.map(counter => [counter, 0])) as Seen
}
