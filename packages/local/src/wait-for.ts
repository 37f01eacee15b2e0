import { setTimeout as delay } from 'node:timers/promises'

/**
 * Asks again and again until the answer is not `undefined`, or throws: at `limitMs` with what the last attempt threw, or at once with the reason of `signal`.
 */
export async function waitFor<T>(
  what: string,
  ask: () => Promise<T | undefined>,
  options: {
    limitMs: number
    signal?: AbortSignal
    everyMs?: number
    /** Errors that no further attempt can mend: thrown at once. */
    giveUp?: (error: unknown) => boolean
  },
): Promise<T> {
  const deadline = performance.now() + options.limitMs
  let cause: unknown
  while (performance.now() < deadline) {
    options.signal?.throwIfAborted()
    try {
      const answer = await ask()
      if (answer !== undefined) return answer
    } catch (error) {
      if (options.giveUp?.(error)) throw error
      cause = error
    }
    await delay(options.everyMs ?? 50, undefined, options.signal ? { signal: options.signal } : {})
  }
  const last = cause instanceof Error ? `, the last attempt: ${cause.message}` : ''
  throw new Error(`${what} did not happen within ${Math.round(options.limitMs / 1_000)} s${last}`, { cause })
}
