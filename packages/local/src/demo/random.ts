/** Chance that a seed decides: the same seed gives the same values in the same order. */
export interface Random {
  /** In [0, 1). */
  next(): number
  /** A whole number from 0, below `limit`. */
  below(limit: number): number
  pick<T>(list: readonly T[]): T
  shuffled<T>(list: readonly T[]): T[]
  /** Lower-case hex digits. */
  hex(digits: number): string
}

/** mulberry32: 32 bits of state are plenty for a script. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0

  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  function below(limit: number): number {
    return Math.floor(next() * limit)
  }

  return {
    next,
    below,
    pick(list) {
      const picked = list[below(list.length)]
      if (picked === undefined) throw new RangeError('nothing to pick from')
      return picked
    },
    shuffled(list) {
      const keyed = list.map(value => ({ value, key: next() }))
      return keyed.sort((a, b) => a.key - b.key).map(({ value }) => value)
    },
    hex: digits => Array.from({ length: digits }, () => below(16).toString(16)).join(''),
  }
}
