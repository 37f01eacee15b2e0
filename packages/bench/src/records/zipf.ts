import type { Random } from '@hookline/local'

/**
 * Draws from 0 to `count - 1` where number n comes with a probability in proportion to 1 / (n + 1)^exponent: exactly so, by the
 * sums of all of them.
 */
export function zipf(count: number, exponent: number, random: Random): () => number {
  const sums = new Float64Array(count)
  let sum = 0
  for (let n = 0; n < count; n++) sums[n] = sum += (n + 1) ** -exponent
  return () => firstAbove(sums, random.next() * sum)
}

function firstAbove(sums: Float64Array, value: number): number {
  let [low, high] = [0, sums.length - 1]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sums[middle] ?? 0) > value) high = middle
    else low = middle + 1
  }
  return low
}
