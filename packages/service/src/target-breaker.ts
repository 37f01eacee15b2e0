import { Outage } from '@hookline/consumer'
import type { EffectError } from '@hookline/consumer'
import { CircuitState, circuitBreaker, handleWhenResult } from 'cockatiel'

export const BREAKER_STATES = ['closed', 'open', 'half-open'] as const
export type BreakerState = (typeof BREAKER_STATES)[number]

export type BreakerOptions = {
  /** It opens when requests of so many orders failed and none went well in between. Default 5. */
  breakAfter?: number
  /** How long it stays open before one request may try the target again. Default 5,000. */
  halfOpenAfterMs?: number
  /** Called at every change, for a metric and a log line. */
  onBreaker?: (state: BreakerState) => void
}

/** How one request to the target went: `down` when it says that the target as a whole is unwell. */
export type TargetResult<T> = TargetFailure | { value: T; down: false }

export type TargetFailure = { error: EffectError; down: boolean }

export type TargetBreaker = {
  /**
   * Runs a request of this order and throws its error. While the breaker is open, or the one request that tries the
   * target again is under way, nothing is sent: `Outage`, which uses up nobody's attempts.
   */
  run<T>(order: string, request: () => Promise<TargetResult<T>>): Promise<T>
}

const RETRY_WHILE_HALF_OPEN_MS = 1_000

export function targetBreaker(name: string, options: BreakerOptions): TargetBreaker {
  const { breakAfter = 5, halfOpenAfterMs = 5_000, onBreaker } = options
  // Orders and not requests: one order that fails again and again says nothing of the others, and must not stop them.
  const failedInARow = new Set<string>()
  const breaker = {
    state: undefined,
    success: () => failedInARow.clear(),
    failure: () => failedInARow.size >= breakAfter,
  }
  // By the result, not by what is thrown: a refusal by a target that is well has to count as a success.
  const policy = circuitBreaker(
    handleWhenResult(result => isResult(result) && result.down),
    { halfOpenAfter: halfOpenAfterMs, breaker },
  )
  let halfOpenAt = 0
  policy.onBreak(() => {
    halfOpenAt = Date.now() + halfOpenAfterMs
    failedInARow.clear()
    onBreaker?.('open')
  })
  policy.onHalfOpen(() => onBreaker?.('half-open'))
  policy.onReset(() => onBreaker?.('closed'))

  return {
    async run(order, request) {
      if (policy.state === CircuitState.HalfOpen) throw refused(name, RETRY_WHILE_HALF_OPEN_MS)
      const leftMs = halfOpenAt - Date.now()
      if (policy.state === CircuitState.Open && leftMs > 0) throw refused(name, leftMs)
      const ended = await policy.execute(async () => {
        const result = await request()
        if (result.down) failedInARow.add(order)
        return result
      })
      if ('error' in ended) throw ended.error
      return ended.value
    },
  }
}

function refused(name: string, retryAfterMs: number): Outage {
  return new Outage(`${name}: the breaker is open after failures in a row`, { retryAfterMs })
}

function isResult(value: unknown): value is TargetResult<unknown> {
  return typeof value === 'object' && value !== null && 'down' in value
}
