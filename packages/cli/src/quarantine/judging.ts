import { type Judged, type JudgingSource, judgingSources, loadSecrets } from '@hookline/ingress/quarantine'
import type { Config } from '../config.ts'
import { Failure } from '../failure.ts'
import type { QuarantinePlace } from './place.ts'

/** What a request is judged to be now, without the event that it would be. */
export type Judgement =
  | {
      readonly kind: 'releasable'
      readonly topic: string
      readonly order_id: string
      readonly event: string
      readonly version: string
      readonly secret_id: string | null
    }
  | { readonly kind: 'not_verified'; readonly reason: string; readonly secret_id: string | null }
  | { readonly kind: 'refused' | 'still_kept'; readonly code: string; readonly message: string }
  | { readonly kind: 'no_secret' | 'cut' | 'unknown_source' }

/** By what requests are judged: the secrets that the ingress has. Throws a `Failure` where they cannot be used. */
export async function judgingSourcesOf(
  { webhooks: { path, values } }: Config,
  { declared }: QuarantinePlace,
  now: number,
): Promise<readonly JudgingSource[]> {
  // what was verified once needs none
  const isNone = path === undefined && Object.values(values).every(value => value === undefined)
  if (isNone) return judgingSources({ declared, secrets: new Map(), values })
  const rules = { declared, production: false, productionFingerprints: new Set<string>() }
  const secrets = await loadSecrets({ path, values, rules }, now)
  if (!secrets.ok) throw new Failure('usage', `${secrets.problems.join('\n')}\nNothing was judged.`)
  return judgingSources({ declared, secrets: secrets.value, values })
}

export function judgementOf(judged: Judged): Judgement {
  switch (judged.kind) {
    case 'releasable': {
      const { kind, topic, orderId, event, version, secretId = null } = judged
      return { kind, topic, order_id: orderId, event, version, secret_id: secretId }
    }
    case 'not_verified':
      return { kind: judged.kind, reason: judged.reason, secret_id: judged.secretId ?? null }
    case 'refused':
    case 'still_kept':
      return { kind: judged.kind, code: judged.code, message: judged.message }
    case 'no_secret':
    case 'cut':
    case 'unknown_source':
      return { kind: judged.kind }
  }
}
