/** Tokens that are taken by use and come back evenly with time. */
export interface TokenBucket {
  readonly capacity: number
  readonly perSecond: number
  tokens: number
  /** When it was filled up last, milliseconds since 1970. */
  at: number
}

export function fullBucket({ capacity, perSecond }: Pick<TokenBucket, 'capacity' | 'perSecond'>): TokenBucket {
  return { capacity, perSecond, tokens: capacity, at: 0 }
}

/** The tokens that are there now. */
export function tokensLeft(bucket: TokenBucket, nowMs: number): number {
  // a clock that was set back refills nothing
  const passedMs = Math.max(0, nowMs - bucket.at)
  bucket.tokens = Math.min(bucket.capacity, bucket.tokens + (passedMs / 1_000) * bucket.perSecond)
  bucket.at = nowMs
  return bucket.tokens
}

/** So many from each of them, or none from any. False: one had too few. */
export function takeTokens(wanted: readonly (readonly [TokenBucket, number])[], nowMs: number): boolean {
  if (wanted.some(([bucket, count]) => tokensLeft(bucket, nowMs) < count)) return false
  for (const [bucket, count] of wanted) bucket.tokens -= count
  return true
}

/** What was taken and not used. */
export function returnTokens(bucket: TokenBucket, count: number): void {
  bucket.tokens = Math.min(bucket.capacity, bucket.tokens + count)
}
