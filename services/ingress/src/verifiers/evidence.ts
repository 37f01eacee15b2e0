import { createHmac, hash } from 'node:crypto'

/** What is kept of a request in place of its credential, so that it can be verified again. */
export interface Evidence {
  /** One for each credential that it had. 64 hex characters. */
  readonly proofs: readonly string[]
  /** The header fields that its credential was made from, names in lower case. */
  readonly headers: Readonly<Record<string, string>>
}

/** What a proof is. */
export const PROOF = /^[0-9a-f]{64}$/

/** So that it is the digest of nothing else. */
const CONTEXT = 'hookline/credential-proof/v1\0'

/** Two of them are compared in a time that tells nothing, whatever the credentials' lengths are. */
export function digestOf(credential: Buffer): Buffer {
  // as text on its way: Node takes longer to make a Buffer of its own than to make the digest
  return Buffer.from(hash('sha256', credential, 'binary'), 'binary')
}

/**
 * That this credential came with this body, to be checked by who can make the credential. It proves nothing of another
 * body, also where the credential itself does not depend on the body.
 */
export function proofOf(credentialDigest: Buffer, body: Buffer): Buffer {
  return createHmac('sha256', credentialDigest).update(CONTEXT).update(body).digest()
}
