import { hash } from 'node:crypto'

/** So that it is the digest of nothing else, such as a password in somebody's table. */
const CONTEXT = 'hookline/secret-fingerprint/v1'

/** What `fingerprint` returns. */
export const FINGERPRINT = /^[0-9a-f]{16}$/

/**
 * 16 hex characters by which two holders of a secret can tell that it is the same one. They tell nothing else of a
 * secret that is random and 24 bytes long: whoever would find it by its fingerprint has 2^192 to try, and with 64 bits of
 * a digest 2^128 of them fit. Of a secret that can be guessed they would confirm the guess: publish none of those.
 */
export function fingerprint(secret: string): string {
  return hash('sha256', `${CONTEXT}\0${secret}`, 'hex').slice(0, 16)
}
