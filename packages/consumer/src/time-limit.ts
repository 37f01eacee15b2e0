import type { Loop } from './loop.ts'

/** How long a handler may take: its signal, and whether that was for the time. */
export interface TimeLimit {
  /** Aborts with the lease, or when the time is over. */
  readonly signal: AbortSignal
  readonly exceeded: () => boolean
  /** The handler ended: the clock stops. */
  readonly stop: () => void
}

/**
 * The handler is told and not left alone: a next attempt beside one that still runs would be two at a time for one order.
 * Without `timeoutMs` only the lease ends it.
 */
export function timeLimit(
  lease: AbortSignal,
  timeoutMs: number | undefined,
  { sleep }: Pick<Loop, 'sleep'>,
): TimeLimit {
  if (timeoutMs === undefined) return { signal: lease, exceeded: () => false, stop: () => {} }
  const ended = new AbortController()
  const over = new AbortController()
  sleep(timeoutMs, ended.signal).then(
    () => over.abort(new Error(`the effect's time-out of ${timeoutMs} ms is over`)),
    () => {}, // it ended in time
  )
  const signal = AbortSignal.any([lease, over.signal])
  return { signal, exceeded: () => over.signal.aborted, stop: () => ended.abort() }
}
