/** What a schedule can run into. One that stays at zero over all schedules was not tested. */
export const COUNTERS = [
  'call',
  'zombie call',
  'crash',
  'pause',
  'restart',
  'rebalance',
  'partitions added',
  'moved while earlier records wait',
  'moved while retried',
  'moved while something is dead',
  'outage of the database',
  'rewind',
  'duplicate record',
  'lost request to the database',
  'half a bulk',
  'lost answer of the database',
  'late write to the database',
  'conflict',
  'takeover',
  'lease lost',
  'renewal',
  'released at once',
  'settled',
  'went on',
  'unsure',
  'late execution',
  'repeated key',
  'handed a kept state',
  'transaction committed',
  'transaction rolled back',
  'stale',
  'parked',
  'held',
  'redriven',
  'permanent',
  'after_terminal',
  'kills_its_worker',
] as const

type Counter = (typeof COUNTERS)[number]
export type Seen = Record<Counter, number>

export function nothingSeen(): Seen {
  return Object.fromEntries(COUNTERS.map(counter => [counter, 0])) as Seen
}
