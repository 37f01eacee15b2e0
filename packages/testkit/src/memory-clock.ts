import type { ServerClock } from '@hookline/consumer/loop'

export interface MemoryClock extends ServerClock {
  /** Moves on by so many milliseconds. */
  advance(ms: number): void
  /** Jumps there: milliseconds since the epoch. */
  set(now: number): void
  /** From now on, `errorMs()` is this. */
  setErrorMs(errorMs: number): void
}

/** A clock that stands still until it is moved. */
export function memoryClock(start = Date.UTC(2026, 0, 1)): MemoryClock {
  let now = start
  let errorMs = 0
  return {
    now: () => now,
    errorMs: () => errorMs,
    advance: ms => {
      now += ms
    },
    set: time => {
      now = time
    },
    setErrorMs: ms => {
      errorMs = ms
    },
  }
}
