/** Requests of one source in the last minute. */
export interface Verdicts {
  readonly verified: number
  readonly failed: number
}

/** Fewer failures in a minute are no wave, whatever their share: one of one proves nothing. */
export const MIN_FAILED = 20

/**
 * Whether a source has a wave of failed verifications: more than half of the last minute's requests. One that has begun
 * is over only with a quarter, or half of the least number, so that a rate on the border is told once.
 */
export function isWave({ verified, failed }: Verdicts, { was }: { was: boolean }): boolean {
  if (was) return failed > MIN_FAILED / 2 && failed > (verified + failed) / 4
  return failed >= MIN_FAILED && failed > verified
}

/** The failed ones' share; 0 where nothing came. */
export function failedRatio({ verified, failed }: Verdicts): number {
  return failed === 0 ? 0 : failed / (verified + failed)
}
