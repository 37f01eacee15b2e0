const SECONDS = 60

/**
 * How often each of a few kinds happened in the last 60 s, to the second, in memory that does not grow with it. `now`:
 * milliseconds since 1970.
 */
export interface LastMinute<Kind extends string> {
  readonly add: (kind: Kind, now: number) => void
  /** Only those that happened. */
  readonly counts: (now: number) => ReadonlyMap<Kind, number>
}

export function lastMinute<Kind extends string>(): LastMinute<Kind> {
  const ring = Array.from({ length: SECONDS }, () => ({ second: -Infinity, counts: new Map<Kind, number>() }))

  return {
    add(kind, now) {
      const second = Math.floor(now / 1_000)
      const slot = ring[second % SECONDS]
      if (slot === undefined) return
      if (slot.second !== second) slot.counts.clear()
      slot.second = second
      slot.counts.set(kind, (slot.counts.get(kind) ?? 0) + 1)
    },
    counts(now) {
      const last = Math.floor(now / 1_000)
      const total = new Map<Kind, number>()
      for (const { second, counts } of ring) {
        // the clock may have been set back
        if (second <= last - SECONDS || second > last) continue
        for (const [kind, count] of counts) total.set(kind, (total.get(kind) ?? 0) + count)
      }
      return total
    },
  }
}
