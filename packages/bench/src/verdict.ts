import type { Outcome, Result, TableData, Target } from './bench.ts'
import { median } from './statistics.ts'

/** What was measured of one variant, a value for each round. */
type Rounds = readonly number[]

/** The ratio of two medians. */
export function ratio(ours: Rounds, theirs: Rounds): number {
  return median(ours) / median(theirs)
}

/** Held where each value is at least its bound. */
export function atLeast(
  target: Target,
  bounds: readonly number[],
  values: readonly number[],
  rounds: Result['rounds'],
) {
  return resultOf(target, values, rounds, (value, n) => value >= (bounds[n] ?? Infinity))
}

/** Held where each value is at most its bound. */
export function atMost(target: Target, bounds: readonly number[], values: readonly number[], rounds: Result['rounds']) {
  return resultOf(target, values, rounds, (value, n) => value <= (bounds[n] ?? -Infinity))
}

function resultOf(
  target: Target,
  values: readonly number[],
  rounds: Result['rounds'],
  isHeld: (value: number, n: number) => boolean,
): Result {
  const [only] = values
  return {
    ...target,
    value: values.length === 1 && only !== undefined ? only : values,
    holds: values.every(isHeld),
    rounds,
  }
}

interface Misses {
  readonly table: TableData
  readonly misses: readonly string[]
  /** Everything that the table was made of, as JSON. */
  readonly samples: unknown
}

/** The outcome of a bench whose one target is that nothing is amiss. */
export function outcomeOf(target: Target, { table, misses, samples }: Misses): Outcome {
  const result = { ...target, value: misses.length, holds: misses.length === 0, misses, rounds: [samples] }
  return { tables: [table], results: [result], voids: [] }
}

/** A table of a name and a value on each line. */
export function tableOf(title: string, figures: readonly Figure[]): TableData {
  return { head: [title, ''], rows: figures.map(({ what, value }) => [what, value]) }
}

interface Figure {
  readonly what: string
  readonly value: string
}
