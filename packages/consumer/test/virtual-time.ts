import { setImmediate as turn } from 'node:timers/promises'

/** A clock and a `sleep` that move only when they are told to. */
export interface VirtualTime {
  nowMs(): number
  sleep(ms: number, signal: AbortSignal): Promise<void>
  /** Lets everything happen that is due within `ms`, in its order. */
  advance(ms: number): Promise<void>
}

export function virtualTime(startMs = Date.UTC(2026, 0, 1, 12)): VirtualTime {
  let now = startMs
  const sleepers = new Set<{ dueMs: number; wake: () => void }>()
  // promises and memory ports take a bounded number of turns of the event loop
  const settle = async () => {
    for (let i = 0; i < 12; i += 1) await turn()
  }
  return {
    nowMs: () => now,
    sleep(ms, signal) {
      return new Promise((resolve, reject) => {
        const sleeper = { dueMs: now + ms, wake: resolve }
        const stop = () => {
          sleepers.delete(sleeper)
          reject(new Error('aborted'))
        }
        if (signal.aborted) return stop()
        signal.addEventListener('abort', stop, { once: true })
        sleepers.add(sleeper)
      })
    },
    async advance(ms) {
      const untilMs = now + ms
      await settle()
      for (;;) {
        const [next] = [...sleepers].sort((a, b) => a.dueMs - b.dueMs)
        if (!next || next.dueMs > untilMs) break
        sleepers.delete(next)
        now = Math.max(now, next.dueMs)
        next.wake()
        await settle()
      }
      now = untilMs
      await settle()
    },
  }
}
