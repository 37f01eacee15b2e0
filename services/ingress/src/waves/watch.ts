import type { Log } from '@hookline/service'
import type { IngressMetrics } from '../ingress-metrics.ts'
import { rotating, validSecrets } from '../secrets/secret.ts'
import type { SecretsBySource } from '../secrets/secret.ts'
import type { Failure, Verdict } from '../verifiers/verifier.ts'
import { isWave } from './is-wave.ts'
import type { Verdicts } from './is-wave.ts'
import { lastMinute } from './last-minute.ts'

/** How often to look whether a wave begins or ends. */
export const LOOK_MS = 1_000
const ID_SEEN_MS = 60_000

export interface WavesOptions {
  /** The names of those that have a route. */
  readonly sources: readonly string[]
  readonly secrets: () => SecretsBySource
  readonly log: Log
  readonly metrics: Pick<IngressMetrics, 'lastMinute'>
  /** Milliseconds since 1970. */
  readonly now: () => number
}

export interface Waves {
  /** To be told of every verdict. `at`: milliseconds since 1970. */
  readonly seen: (source: string, verdict: Verdict, at: number) => void
  /** Says it, once, when a wave begins and when it is over. */
  readonly look: () => void
}

/** Follows how many requests of each source fail verification. */
export function watchWaves({ sources, secrets, log, metrics, now }: WavesOptions): Waves {
  const watched = new Map(sources.map(source => [source, watchedSource()]))
  metrics.lastMinute(sources, source => watched.get(source)?.lastMinute(now()) ?? { verified: 0, failed: 0 })

  return {
    seen: (source, verdict, at) => watched.get(source)?.seen(verdict, at),
    look() {
      const at = now()
      for (const [source, one] of watched) {
        const { verified, failed, reasons } = one.lastMinute(at)
        const wave = isWave({ verified, failed }, { was: one.wave })
        if (wave === one.wave) continue
        one.wave = wave
        if (!wave) {
          log.info({ source, failed, verified }, 'verification wave over')
          continue
        }
        const matched = one.ids(at)
        const unmatched = validSecrets(secrets(), source, at).flatMap(({ id }) => (matched.includes(id) ? [] : [id]))
        const window = rotating(secrets(), source, at) ? { rotating: true } : {}
        log.error({ source, failed, verified, reasons, matched, unmatched, ...window, ...ADVICE }, 'verification wave')
      }
    },
  }
}

const ADVICE = {
  causes: [
    'the secret was rotated on one side only',
    'the endpoint was copied wrongly: the sender uses the secret, or the path, of another registration',
  ],
  next: 'docs/operations/mismatch-wave.md',
}

/** What is known of one source. */
function watchedSource() {
  const minute = lastMinute<'verified' | Failure>()
  // as many as its secrets had ids since the last look at them: they come from the configuration alone
  const lastSeen = new Map<string, number>()
  return {
    wave: false,
    seen(verdict: Verdict, at: number): void {
      minute.add(verdict.kind === 'verified' ? 'verified' : verdict.reason, at)
      if (verdict.kind === 'verified') lastSeen.set(verdict.secretId, at)
    },
    lastMinute(at: number): Verdicts & { readonly reasons: Readonly<Record<string, number>> } {
      const { verified = 0, ...reasons } = Object.fromEntries(minute.counts(at))
      const failed = Object.values(reasons).reduce((sum, count) => sum + count, 0)
      return { verified, failed, reasons }
    },
    /** Of the secrets that let requests in during the last minute. */
    ids(at: number): readonly string[] {
      for (const [id, seenAt] of lastSeen) if (seenAt <= at - ID_SEEN_MS) lastSeen.delete(id)
      return [...lastSeen.keys()]
    },
  }
}
