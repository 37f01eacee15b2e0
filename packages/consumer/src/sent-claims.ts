import type { OrderRecord, Step } from '@hookline/delivery'
import { type Loop, stepNow } from './loop.ts'

/**
 * Claims that were sent and may be stored: where an answer is missing, or comes late, the record's token tells which of
 * them is stored, and so from when its lease counts.
 */
export interface SentClaims {
  /** The circumstances of one more claim, sent now under a token of its own. */
  next(): Step
  /** Which of them the record carries. */
  storedIn(record: OrderRecord): { token: string; claimedAtMs: number } | undefined
}

export function sentClaims(loop: Loop): SentClaims {
  const sentAtMs = new Map<string, number>()
  return {
    next() {
      const token = loop.newToken()
      sentAtMs.set(token, loop.monotonicMs())
      return stepNow(loop, token)
    },
    storedIn({ owner }) {
      const claimedAtMs = owner === undefined ? undefined : sentAtMs.get(owner)
      return owner === undefined || claimedAtMs === undefined ? undefined : { token: owner, claimedAtMs }
    },
  }
}
