import { hash, timingSafeEqual } from 'node:crypto'
import { onlyHeader } from './verifier.ts'
import type { Verifier } from './verifier.ts'

/**
 * The header is the secret itself. It proves possession, not that the body is whole. Digests are compared, so that the
 * time does not depend on where, or in what length, the two differ.
 */
export function sharedSecret({ header, secret }: { header: string; secret: string }): Verifier {
  if (secret === '') throw new Error(`the secret for ${header} is empty`)
  const expected = hash('sha256', secret, 'buffer')
  return ({ rawHeaders }) => {
    const found = onlyHeader(rawHeaders, header)
    if (typeof found === 'string') return found
    // Node reads a header's bytes as latin1
    const given = hash('sha256', Buffer.from(found.value, 'latin1'), 'buffer')
    return timingSafeEqual(given, expected) ? 'verified' : 'mismatch'
  }
}
