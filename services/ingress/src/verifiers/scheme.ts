import { standing } from '../secrets/secret.ts'
import type { Secret } from '../secrets/secret.ts'
import type { Credential } from './credential.ts'
import type { Failure, VerifiableRequest, Verdict, Verifier } from './verifier.ts'

/** How a sender proves that a request is its own. */
export interface Scheme {
  /** What a request must have, all of it. */
  readonly credentials: readonly Credential[]
  /** Why a text cannot be a secret of this scheme, to be read after its name; undefined when it can. */
  readonly secretProblem: (secret: string) => string | undefined
  /** Throws where there is no secret, or one of them cannot be used. */
  readonly keyring: (secrets: readonly Secret[]) => Keyring
}

/** The secrets of one source at work. */
export interface Keyring {
  readonly verify: Verifier
  /** Requests are judged by these from now on. Throws as `keyring` does, and then changes nothing. */
  readonly replace: (secrets: readonly Secret[]) => void
}

export interface SchemeParts<Key, Proof extends object> {
  readonly credentials: readonly Credential[]
  readonly secretProblem?: (secret: string) => string | undefined
  /** Made once for a secret. */
  readonly keyOf: (secret: string) => Key
  /** What the request offers as proof. Total. */
  readonly proofIn: (request: VerifiableRequest) => Proof | Failure
  /** In a time that does not depend on where the two differ. Total. */
  readonly matches: (key: Key, proof: Proof) => boolean
}

/** A scheme of its parts: how several secrets and their windows are judged is the same for all. */
export function scheme<Key, Proof extends object>(parts: SchemeParts<Key, Proof>): Scheme {
  const { keyOf, proofIn, matches, secretProblem = () => undefined } = parts

  function keysOf(secrets: readonly Secret[]) {
    if (secrets.length === 0) throw new Error('there is no secret: nobody could get in')
    return secrets.map(secret => {
      if (secret.secret === '') throw new Error(`${secret.label} is empty: everybody could get in`)
      const verified: Verdict = { kind: 'verified', secretId: secret.id }
      return { secret, key: keyOf(secret.secret), verified }
    })
  }

  return {
    credentials: parts.credentials,
    secretProblem,
    keyring(secrets) {
      let keys = keysOf(secrets)
      return {
        replace: others => void (keys = keysOf(others)),
        verify(request) {
          const proof = proofIn(request)
          if (typeof proof === 'string') return { kind: 'failed', reason: proof }
          // all of them, always: how long it takes must not tell which one it was
          const matching = keys.filter(({ key }) => matches(key, proof))
          const valid = matching.find(({ secret }) => standing(secret, request.now) === 'valid')
          if (valid) return valid.verified
          const [other] = matching
          if (other === undefined) return { kind: 'failed', reason: 'mismatch' }
          return { kind: 'failed', reason: outside(other.secret, request.now), secretId: other.secret.id }
        },
      }
    },
  }
}

function outside(secret: Secret, now: number): Failure {
  return standing(secret, now) === 'not_yet_valid' ? 'not_yet_valid' : 'expired'
}
