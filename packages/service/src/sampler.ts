export interface SamplerOptions {
  readonly everyMs: number
  /** Milliseconds of any clock that goes on. */
  readonly now: () => number
}

/** How many of this kind were left out before this one; undefined where this one is to be left out too. */
export type Sampler = (kind: string) => number | undefined

/** More kinds than these share one place: what is remembered must not grow with what comes. */
const MAX_KINDS = 200

/** Lets the first of each kind through at once, and then one in `everyMs`: a flood must not fill the disk. */
export function sampler({ everyMs, now }: SamplerOptions): Sampler {
  const seen = new Map<string, { nextAt: number; leftOut: number }>()
  return kind => {
    const place = seen.has(kind) || seen.size < MAX_KINDS ? kind : ''
    const at = now()
    const last = seen.get(place)
    if (last !== undefined && at < last.nextAt) {
      last.leftOut += 1
      return undefined
    }
    seen.set(place, { nextAt: at + everyMs, leftOut: 0 })
    return last?.leftOut ?? 0
  }
}
