export interface FailureBudgetOptions {
  /** Tokens of an address that was quiet. */
  readonly burst: number
  readonly perSecond: number
  /** Of all addresses together: a stranger may have many. */
  readonly totalPerSecond: number
  /** The addresses that are remembered, the ones seen last. */
  readonly maxAddresses: number
}

/** True where a failed verification may still be logged and copied. Never decides about an answer. */
export type FailureBudget = (address: string, nowMs: number) => boolean

interface Bucket {
  tokens: number
  at: number
}

/** Token buckets by address and one for all, in memory that does not grow with the number of addresses. */
export function failureBudget({ burst, perSecond, totalPerSecond, maxAddresses }: FailureBudgetOptions): FailureBudget {
  const buckets = new Map<string, Bucket>()
  const total: Bucket = { tokens: totalPerSecond, at: 0 }

  return (address, nowMs) => {
    const bucket = buckets.get(address) ?? { tokens: burst, at: nowMs }
    // to the end of the map: the first in it is the one seen longest ago
    buckets.delete(address)
    buckets.set(address, bucket)
    if (buckets.size > maxAddresses) forgetOldest(buckets)

    refill(bucket, nowMs, { perSecond, most: burst })
    refill(total, nowMs, { perSecond: totalPerSecond, most: totalPerSecond })
    if (bucket.tokens < 1 || total.tokens < 1) return false
    bucket.tokens -= 1
    total.tokens -= 1
    return true
  }
}

function refill(bucket: Bucket, nowMs: number, { perSecond, most }: { perSecond: number; most: number }): void {
  // a clock that was set back refills nothing
  const passedMs = Math.max(0, nowMs - bucket.at)
  bucket.tokens = Math.min(most, bucket.tokens + (passedMs / 1_000) * perSecond)
  bucket.at = nowMs
}

function forgetOldest(buckets: Map<string, Bucket>): void {
  for (const address of buckets.keys()) {
    buckets.delete(address)
    return
  }
}
