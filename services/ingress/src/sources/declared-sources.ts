import { catalogues } from '@hookline/contracts'
import { MAX_BODY_BYTES } from '../limits.ts'
import { hmacSignature } from '../verifiers/hmac-signature.ts'
import { sharedSecret } from '../verifiers/shared-secret.ts'
import type { SourceDeclaration } from './source.ts'

const { points, hc } = catalogues

/**
 * The senders. One more is one more entry with its catalogue: routes, variables and metrics follow. For a sender of
 * Standard Webhooks the scheme is `standardWebhooks({ toleranceMs: 300_000 })`.
 */
export const declaredSources: readonly SourceDeclaration[] = [
  {
    catalogue: points,
    scheme: sharedSecret({ header: points.secretHeader }),
    limits: { maxBodyBytes: MAX_BODY_BYTES },
  },
  {
    catalogue: hc,
    scheme: hmacSignature({ header: hc.secretHeader }),
    limits: { maxBodyBytes: MAX_BODY_BYTES },
  },
]
