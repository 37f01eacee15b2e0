import type { Stage } from './stage.ts'

/** Something that is measured, and what must come out. */
export interface Bench {
  readonly name: string
  readonly about: string
  readonly targets: readonly Target[]
  /** Whether it needs a MongoDB beside Kafka. */
  readonly mongodb: boolean
  run(stage: Stage): Promise<Outcome>
}

/** A row of docs/benchmarks.md. */
export interface Target {
  readonly name: string
  /** What must hold, in words: `≥ 3×`. */
  readonly target: string
}

export interface Result extends Target {
  /** A ratio of medians, or several where the target names several; a count of misses where it is none. */
  readonly value: number | readonly number[]
  readonly holds: boolean
  /** Sentences on what does not hold, where `value` alone does not tell. */
  readonly misses?: readonly string[]
  /** All raw samples, round by round. */
  readonly rounds: readonly unknown[]
}

export interface Outcome {
  readonly tables: readonly TableData[]
  /** One for each of the targets, in their order. */
  readonly results: readonly Result[]
  /** Raw samples that belong to no target. */
  readonly samples?: unknown
  /** Sentences on why nothing of it counts: what was acked is not stored, an order's sequence was broken. */
  readonly voids: readonly string[]
}

/** For people. */
export interface TableData {
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}
