import type { SourceCatalogue } from '@hookline/contracts'
import { storeOf } from '../sources/open-sources.ts'
import type { OpenSourcesOptions } from '../sources/open-sources.ts'
import type { VerifierOfKept } from '../verifiers/verifier.ts'

/** What a source is judged by. */
export interface JudgingSource {
  readonly catalogue: SourceCatalogue
  readonly storeId?: string
  /** Absent where there is no secret of it. */
  readonly verifyAgain?: VerifierOfKept
}

/** All declared sources, also those without a secret: what was verified once needs none. */
export function judgingSources({ declared, secrets, values }: OpenSourcesOptions): readonly JudgingSource[] {
  return declared.map(({ catalogue, scheme }) => {
    const own = secrets.get(catalogue.source)
    return {
      catalogue,
      ...storeOf(catalogue, values),
      ...(own && { verifyAgain: scheme.keyring(own.secrets).verifyAgain }),
    }
  })
}
