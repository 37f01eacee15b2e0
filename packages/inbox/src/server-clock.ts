import { performance } from 'node:perf_hooks'
import type { ServerClock } from '@hookline/consumer/loop'

/** Two quartz clocks part by less than this: 200 µs in a second. */
const DRIFT = 200e-6
/** The server's clock is read in whole milliseconds. */
const RESOLUTION_MS = 1

export interface RunningClock extends ServerClock {
  stop(): void
}

export interface ClockOptions {
  /** Asks the server for its time: milliseconds since the epoch. */
  ask: () => Promise<number>
  everyMs: number
  /** Told of every question that had no answer; the clock goes on by what it knows, its error grows. */
  onMissed: (error: unknown) => void
  /** Milliseconds that never jump. */
  monotonic?: () => number
}

interface Sample {
  /** Server's time minus monotonic time. */
  offset: number
  /** Half the round trip. */
  errorMs: number
  takenAt: number
}

/** Resolves once the server's time is known; rejects when the first question has no answer. */
export async function startServerClock(options: ClockOptions): Promise<RunningClock> {
  const monotonic = options.monotonic ?? (() => performance.now())
  const errorOf = (sample: Sample) => sample.errorMs + (monotonic() - sample.takenAt) * DRIFT + RESOLUTION_MS
  let best = await take()
  let timer: NodeJS.Timeout | undefined
  schedule()

  return {
    now: () => Math.round(monotonic() + best.offset),
    errorMs: () => errorOf(best),
    stop: () => {
      clearTimeout(timer)
      timer = undefined
    },
  }

  async function take(): Promise<Sample> {
    const before = monotonic()
    const serverTime = await options.ask()
    const after = monotonic()
    return { offset: serverTime - (before + after) / 2, errorMs: (after - before) / 2, takenAt: after }
  }

  function schedule(): void {
    const next = setTimeout(() => {
      take()
        .then(keepBetter, (error: unknown) => {
          if (timer === next) options.onMissed(error)
        })
        .finally(() => {
          if (timer === next) schedule()
        })
    }, options.everyMs)
    timer = next.unref()
  }

  function keepBetter(sample: Sample): void {
    const contradicts = Math.abs(sample.offset - best.offset) > errorOf(sample) + errorOf(best)
    // a contradiction: the server's clock was set, or another server answers
    if (contradicts || errorOf(sample) <= errorOf(best)) best = sample
  }
}
