/** The smallest value that so much of them (0 to 1) is not above; 0 of none. */
export function percentile(values: readonly number[] | Float32Array, share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0
}

/** Of an even number of values the lower one of the middle. */
export function median(values: readonly number[]): number {
  return percentile(values, 0.5)
}

/** How often each value comes, most first. */
export function counted(values: Iterable<string | number>): Readonly<Record<string, number>> {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(`${value}`, (counts.get(`${value}`) ?? 0) + 1)
  return Object.fromEntries([...counts].toSorted(([, a], [, b]) => b - a))
}

/** Minimum, median and maximum. */
export function spread(values: readonly number[]): readonly [number, number, number] {
  return [percentile(values, 0), median(values), percentile(values, 1)]
}
