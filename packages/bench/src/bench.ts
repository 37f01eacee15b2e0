import type { Stage } from './stage.ts'

/** One thing that is measured, and what must come out. */
export interface Bench {
  readonly name: string
  readonly about: string
  /** What it must hold, in a sentence. */
  readonly target: string
  run(stage: Stage): Promise<Outcome>
}

export interface Outcome {
  readonly figures: readonly Figure[]
  /** Sentences, one for each thing that does not hold; empty: the target is held. */
  readonly misses: readonly string[]
  /** Everything that the figures were made of, as JSON. */
  readonly samples: unknown
}

interface Figure {
  readonly what: string
  readonly value: string
}
