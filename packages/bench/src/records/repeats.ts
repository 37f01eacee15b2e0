import type { Random } from '@hookline/local'

/** How many others come between a thing and its repeat at most: a sender that had no answer tries again soon. */
const NEAR = 500

/** All of them in their order, and each a second time a little later. */
export function repeated<T>(all: readonly T[], random: Random): readonly T[] {
  const placed = all.flatMap((one, n) => [
    { one, at: n },
    { one, at: n + 1 + random.below(NEAR) },
  ])
  return placed.toSorted((a, b) => a.at - b.at).map(({ one }) => one)
}
