import { catalogues } from '@hookline/contracts'
import type { SourceCatalogue } from '@hookline/contracts'
import { hmacSignature } from './verifiers/hmac-signature.ts'
import { sharedSecret } from './verifiers/shared-secret.ts'
import type { Verifier } from './verifiers/verifier.ts'

/** A sender as data: where its webhooks come in, how they are verified, what they mean. */
export interface Source {
  readonly path: string
  readonly verify: Verifier
  readonly catalogue: SourceCatalogue
  /** Where a store is configured, a body of another store is refused. */
  readonly storeId?: string
}

export interface SourceSecrets {
  readonly POINTS_WEBHOOK_SECRET?: string
  readonly HC_WEBHOOK_SECRET?: string
  readonly HC_STORE_ID?: string
}

/** The sources that have a secret. */
export function sourcesOf(config: SourceSecrets): readonly Source[] {
  const { points, hc } = catalogues
  const sources: Source[] = []
  if (config.POINTS_WEBHOOK_SECRET !== undefined) {
    const verify = sharedSecret({ header: points.secretHeader, secret: config.POINTS_WEBHOOK_SECRET })
    sources.push({ path: '/webhooks/points', verify, catalogue: points })
  }
  if (config.HC_WEBHOOK_SECRET !== undefined) {
    const verify = hmacSignature({ header: hc.secretHeader, secret: config.HC_WEBHOOK_SECRET })
    const store = config.HC_STORE_ID === undefined ? {} : { storeId: config.HC_STORE_ID }
    sources.push({ path: '/webhooks/hc', verify, catalogue: hc, ...store })
  }
  return sources
}
