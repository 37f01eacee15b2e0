/** How the loop deals with a database that does not answer. */
export interface Store {
  /** Runs an operation that may be run twice until it succeeds. Rejects only when the service ends. */
  persist<T>(operation: () => Promise<T>): Promise<T>
  /**
   * Runs an operation once. undefined: it failed, whether it was carried out is not known, and a moment has passed.
   * Rejects only when the service ends.
   */
  once<T>(operation: () => Promise<T>): Promise<T | undefined>
  /** An operation failed, and whether it was carried out is not known. */
  failed: (error: unknown) => undefined
  /** Milliseconds since the database was away, by the monotonic clock. */
  quietMs: () => number
}

const FIRST_WAIT_MS = 100
const LONGEST_WAIT_MS = 2_000

export function store(parts: {
  monotonicMs: () => number
  sleep: (ms: number, signal: AbortSignal) => Promise<void>
  ending: AbortSignal
  onFailure: (error: unknown) => void
}): Store {
  const { monotonicMs, sleep, ending, onFailure } = parts
  let lastFailureMs = Number.NEGATIVE_INFINITY

  function failed(error: unknown): undefined {
    // a refusal is an answer: one order that cannot be stored must not keep the scheduler from all others
    if (!isRefusal(error)) lastFailureMs = monotonicMs()
    onFailure(error)
  }

  return {
    failed,
    quietMs: () => monotonicMs() - lastFailureMs,
    async once(operation) {
      try {
        return await operation()
      } catch (error) {
        failed(error)
        await sleep(FIRST_WAIT_MS, ending)
        return undefined
      }
    },
    async persist(operation) {
      for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2)) {
        try {
          return await operation()
        } catch (error) {
          failed(error)
          await sleep(waitMs, ending)
        }
      }
    },
  }
}

/** By the flag that a store's errors carry: `retry: false` says that the same would be refused again. */
function isRefusal(error: unknown): boolean {
  return error instanceof Error && 'retry' in error && error.retry === false
}
