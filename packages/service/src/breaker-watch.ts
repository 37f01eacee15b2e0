import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import { BREAKER_STATES } from './target-breaker.ts'
import type { BreakerState } from './target-breaker.ts'

/** By target, what its breaker calls at every change: a log line and `hookline_breaker_changes_total`. */
export function breakerWatch<const T extends string>(
  targets: readonly T[],
  { log, metrics }: { log: Log; metrics: Metrics },
): (target: T) => (state: BreakerState) => void {
  const count = metrics.counter({
    name: 'hookline_breaker_changes_total',
    help: 'Changes of the breakers of targets, by the new state.',
    labels: { target: targets, state: BREAKER_STATES },
  })
  return target => state => {
    count({ target, state })
    log.warn({ target, state }, 'breaker')
  }
}
