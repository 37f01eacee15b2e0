import { hash, timingSafeEqual } from 'node:crypto'
import { scheme } from './scheme.ts'
import type { Scheme } from './scheme.ts'
import { onlyHeader } from './verifier.ts'

/**
 * The header is the secret itself. It proves possession, not that the body is whole. Digests are compared, so that the
 * time does not depend on where, or in what length, the two differ.
 */
export function sharedSecret({ header }: { header: string }): Scheme {
  return scheme({
    credentials: [
      { name: header, description: "The webhook's secret as it was given when the webhook was registered." },
    ],
    keyOf: secret => hash('sha256', secret, 'buffer'),
    proofIn({ rawHeaders }) {
      const found = onlyHeader(rawHeaders, header)
      if (typeof found === 'string') return found
      // Node reads a header's bytes as latin1
      return { digest: hash('sha256', Buffer.from(found.value, 'latin1'), 'buffer') }
    },
    matches: (key, { digest }) => timingSafeEqual(key, digest),
  })
}
