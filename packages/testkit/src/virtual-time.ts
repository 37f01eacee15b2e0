import { setImmediate as turn } from 'node:timers/promises'

/** A clock and a `sleep` that move only when they are told to. */
export interface VirtualTime {
  nowMs(): number
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Lets everything happen that is due within `ms`, in its order. */
  advance(ms: number): Promise<void>
}

interface Sleeper {
  dueMs: number
  wake: () => void
}

export function virtualTime(startMs = Date.UTC(2026, 0, 1, 12)): VirtualTime {
  let now = startMs
  /** The last due first. */
  const sleepers: Sleeper[] = []

  /** Of those that are due at the same time, who came first wakes first. */
  function add(sleeper: Sleeper): void {
    let low = 0
    let high = sleepers.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((sleepers[middle]?.dueMs ?? 0) > sleeper.dueMs) low = middle + 1
      else high = middle
    }
    sleepers.splice(low, 0, sleeper)
  }

  return {
    nowMs: () => now,
    sleep(ms, signal) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(new Error('aborted'))
        const stop = () => {
          sleepers.splice(sleepers.indexOf(sleeper), 1)
          reject(new Error('aborted'))
        }
        const wake = () => {
          signal?.removeEventListener('abort', stop)
          resolve()
        }
        const sleeper = { dueMs: now + ms, wake }
        signal?.addEventListener('abort', stop, { once: true })
        add(sleeper)
      })
    },
    async advance(ms) {
      const untilMs = now + ms
      await turn() // all promises that can settle have settled then
      for (let next = sleepers.at(-1); next && next.dueMs <= untilMs; next = sleepers.at(-1)) {
        sleepers.pop()
        now = Math.max(now, next.dueMs)
        next.wake()
        await turn()
      }
      now = untilMs
    },
  }
}
