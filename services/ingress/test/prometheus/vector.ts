export type Labels = Readonly<Record<string, string>>

export interface Sample {
  readonly labels: Labels
  readonly value: number
}

/** `labels` with the metric's name as `__name__`; `at`: milliseconds, in order. */
export interface Series {
  readonly labels: Labels
  readonly points: readonly { readonly at: number; readonly value: number }[]
}

/** Labels without the metric's name. */
export function unnamed(labels: Labels): Labels {
  const { __name__: _, ...others } = labels
  return others
}

/** Equal for the same labels, in any order; of `by` alone where it is given. */
export function keyOf(labels: Labels, by: readonly string[] = Object.keys(unnamed(labels))): string {
  return JSON.stringify(by.toSorted().map(label => [label, labels[label] ?? '']))
}
