import type { Instance } from './instance.ts'
import type { World } from './world.ts'

/** One request that somebody made, until its outcome is written down. */
interface Attempt {
  readonly event: string
  readonly order: string
  readonly effect: string
  readonly token: string
  readonly instance: Instance
  /** Nobody who goes on knows whether it executed, so that it may be repeated. */
  ambiguous: boolean
  settled: boolean
}

/** Counts what may be repeated: at a plain target each ambiguous attempt allows one execution more. */
export interface Attempts {
  begin(attempt: Omit<Attempt, 'ambiguous' | 'settled'>, leaseIsOver: boolean): Attempt
  /** Its outcome is written down. */
  settle(token: string, event: string, leaseIsOver: boolean): void
  /** These do not know any more what they did. */
  forgotten(isMeant: (attempt: Attempt) => boolean): void
  ambiguous(event: string, effect: string): number
}

export function attemptLedger(world: World): Attempts {
  const attempts: Attempt[] = []
  return {
    begin: (attempt, leaseIsOver) => {
      const begun = { ...attempt, ambiguous: leaseIsOver, settled: false }
      attempts.push(begun)
      world.seen.call++
      return begun
    },
    settle: (token, event, leaseIsOver) => {
      for (const attempt of attempts) {
        if (attempt.token !== token || attempt.event !== event) continue
        if (leaseIsOver && !attempt.settled) attempt.ambiguous = true
        attempt.settled = true
      }
    },
    forgotten: isMeant => {
      for (const attempt of attempts) {
        if (!attempt.settled && isMeant(attempt)) attempt.ambiguous = true
      }
    },
    ambiguous: (event, effect) =>
      attempts.filter(attempt => attempt.event === event && attempt.effect === effect && attempt.ambiguous).length,
  }
}
