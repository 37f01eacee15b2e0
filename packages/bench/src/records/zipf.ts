import type { Random } from '@hookline/local'

/**
 * Draws whole numbers from 1, each n with a probability in proportion to n^-exponent, without an end: exactly so, by rejection
 * (Devroye, Non-Uniform Random Variate Generation, X.6). The exponent is above 1.
 */
export function zipf(exponent: number, random: Random): () => number {
  const less = exponent - 1
  const b = 2 ** less
  return () => {
    for (;;) {
      const n = Math.floor((1 - random.next()) ** (-1 / less))
      const t = (1 + 1 / n) ** less
      if ((random.next() * n * (t - 1)) / (b - 1) <= t / b) return n
    }
  }
}
