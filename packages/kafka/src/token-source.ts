/** Before the broker ends a session for its age, kafkajs logs in again on the same connection. */
export const LOG_IN_AGAIN_MS = 3_000
/** A token with less left would have kafkajs log in again within a second, which brokers refuse. */
const LEAST_LEFT_MS = LOG_IN_AGAIN_MS + 2_000
const RENEW_BEFORE_MS = 30_000

export interface Token {
  readonly value: string
  readonly lifetimeMs: number
}

export interface TokenSource {
  /** Rejects with what `fetch` rejects with, where the old token is over too. */
  get(): Promise<string>
  /** The broker refuses what `get` gave last. */
  forget(): void
}

/**
 * One token for all connections, renewed when half of its time is over or 30 s are left, so that nothing waits for its end. While
 * the endpoint is away the old token serves as long as it is good. `now` in milliseconds.
 */
export function tokenSource(fetch: () => Promise<Token>, now: () => number): TokenSource {
  let held: { readonly value: string; readonly renewAt: number; readonly uselessAt: number } | undefined
  let fetching: Promise<string> | undefined

  async function renew(): Promise<string> {
    const asked = now()
    const { value, lifetimeMs } = await fetch()
    const before = Math.max(LEAST_LEFT_MS, Math.min(RENEW_BEFORE_MS, lifetimeMs / 2))
    held = { value, renewAt: asked + lifetimeMs - before, uselessAt: asked + lifetimeMs - LEAST_LEFT_MS }
    return value
  }

  return {
    async get() {
      if (held !== undefined && now() < held.renewAt) return held.value
      fetching ??= renew().finally(() => (fetching = undefined))
      try {
        return await fetching
      } catch (error) {
        if (held !== undefined && now() < held.uselessAt) return held.value
        throw error
      }
    },
    forget: () => (held = undefined),
  }
}
