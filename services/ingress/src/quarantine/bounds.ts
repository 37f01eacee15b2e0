import { fullBucket, returnTokens, takeTokens, tokensLeft } from '../token-bucket.ts'
import type { TokenBucket } from '../token-bucket.ts'

/** What may be kept of one source that was not verified, in the time for which the topic keeps it. */
export interface QuarantineLimits {
  readonly maxRecords: number
  readonly maxBytes: number
}

/** Verified requests have bounds of their own, so that strangers' can never take their place. */
export const KINDS = ['verified', 'unverified'] as const

export type Kind = (typeof KINDS)[number]

/** For how long the topic keeps a record. */
export const RETENTION_MS = 604_800_000

/** Times as much room for verified requests: they have no other place to go. */
const VERIFIED_FACTOR = 10

/** What a record has beside its body, at most. */
export const OVERHEAD_BYTES = 4_096

/** How much more may be kept, by source. */
export interface Bounds {
  /** Whether there is room for a body of so many bytes; it is taken then. */
  readonly take: (source: string, kind: Kind, bodyBytes: number, nowMs: number) => boolean
  /** What was taken and not used. */
  readonly giveBack: (source: string, kind: Kind, bodyBytes: number) => void
  /** From 1, when nothing was kept, to 0: of records or of bytes, whichever is less. */
  readonly left: (source: string, kind: Kind, nowMs: number) => number
}

/**
 * Token buckets that are full at first and refilled over the topic's retention: a process puts no more than twice the
 * limits into the topic in the time for which it keeps them.
 */
export function quarantineBounds({ maxRecords, maxBytes }: QuarantineLimits): Bounds {
  const buckets = new Map<string, readonly [records: TokenBucket, bytes: TokenBucket]>()

  function bucketsOf(source: string, kind: Kind) {
    const key = `${source} ${kind}`
    let found = buckets.get(key)
    if (found === undefined) {
      const factor = kind === 'verified' ? VERIFIED_FACTOR : 1
      buckets.set(key, (found = [bucketOf(factor * maxRecords), bucketOf(factor * maxBytes)]))
    }
    return found
  }

  return {
    take(source, kind, bodyBytes, nowMs) {
      const [records, bytes] = bucketsOf(source, kind)
      const wanted = [
        [records, 1],
        [bytes, bodyBytes + OVERHEAD_BYTES],
      ] as const
      return takeTokens(wanted, nowMs)
    },
    giveBack(source, kind, bodyBytes) {
      const [records, bytes] = bucketsOf(source, kind)
      returnTokens(records, 1)
      returnTokens(bytes, bodyBytes + OVERHEAD_BYTES)
    },
    left: (source, kind, nowMs) =>
      Math.min(...bucketsOf(source, kind).map(bucket => tokensLeft(bucket, nowMs) / bucket.capacity)),
  }
}

function bucketOf(capacity: number): TokenBucket {
  return fullBucket({ capacity, perSecond: capacity / (RETENTION_MS / 1_000) })
}
