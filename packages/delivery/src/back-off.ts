export interface BackOff {
  minMs: number
  maxMs: number
}

/**
 * Doubles from `minMs` with each try, at most `maxMs`, with "equal jitter": half of it is fixed, half is by chance.
 * `tries` counts from 1; `jitter` is in [0, 1).
 * Source: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function backOffMs({ minMs, maxMs }: BackOff, tries: number, jitter: number): number {
  const full = Math.min(maxMs, minMs * 2 ** Math.min(Math.max(tries, 1) - 1, 40))
  return Math.round(full / 2 + (full / 2) * jitter)
}
