/** How the loop deals with a database that does not answer. */
export interface Store {
  /** Runs an operation that may be run twice until it succeeds. Rejects only when the service ends. */
  persist<T>(operation: () => Promise<T>): Promise<T>
  /** An operation failed, and whether it was carried out is not known. */
  failed: (error: unknown) => undefined
  /** Milliseconds since the last failure, by the monotonic clock. */
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
    lastFailureMs = monotonicMs()
    onFailure(error)
  }

  return {
    failed,
    quietMs: () => monotonicMs() - lastFailureMs,
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
