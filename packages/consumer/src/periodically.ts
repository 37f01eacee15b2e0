import type { Loop } from './loop.ts'

/** Runs `job` again and again, `everyMs` after it ended, until `stop`, which waits for the one under way. */
export function periodically(
  everyMs: number,
  job: () => Promise<void>,
  { sleep, store }: Pick<Loop, 'sleep' | 'store'>,
): { stop(): Promise<void> } {
  const stopping = new AbortController()
  const running = (async () => {
    while (!stopping.signal.aborted) {
      await sleep(everyMs, stopping.signal).catch(() => undefined)
      if (stopping.signal.aborted) return
      await job().catch(store.failed)
    }
  })()
  return {
    stop() {
      stopping.abort()
      return running
    },
  }
}
