import { fullBucket, takeTokens } from '../token-bucket.ts'
import type { TokenBucket } from '../token-bucket.ts'

export interface AddressBudgetOptions {
  /** Of an address that was quiet. */
  readonly burst: number
  readonly perSecond: number
  /** The addresses that are remembered, the ones seen last. */
  readonly maxAddresses: number
}

/** True where a request of this address that failed verification may be kept. Never decides about an answer. */
export type AddressBudget = (address: string, nowMs: number) => boolean

/** A token bucket for each address, in memory that does not grow with their number. */
export function addressBudget({ burst, perSecond, maxAddresses }: AddressBudgetOptions): AddressBudget {
  const buckets = new Map<string, TokenBucket>()

  return (address, nowMs) => {
    const bucket = buckets.get(address) ?? fullBucket({ capacity: burst, perSecond })
    // to the end of the map: the first in it is the one seen longest ago
    buckets.delete(address)
    buckets.set(address, bucket)
    if (buckets.size > maxAddresses) forgetOldest(buckets)
    return takeTokens([[bucket, 1]], nowMs)
  }
}

function forgetOldest(buckets: Map<string, TokenBucket>): void {
  for (const address of buckets.keys()) {
    buckets.delete(address)
    return
  }
}
