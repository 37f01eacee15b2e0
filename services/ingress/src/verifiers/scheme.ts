import { timingSafeEqual } from 'node:crypto'
import { standing } from '../secrets/secret.ts'
import type { Secret } from '../secrets/secret.ts'
import type { Credential } from './credential.ts'
import { digestOf, proofOf } from './evidence.ts'
import type { Evidence } from './evidence.ts'
import { onlyHeader } from './verifier.ts'
import type { Failure, VerifiableRequest, Verdict, Verifier, VerifierOfKept } from './verifier.ts'

/** How a sender proves that a request is its own. */
export interface Scheme {
  /** What a request must have, all of it. */
  readonly credentials: readonly Credential[]
  /** Why a text cannot be a secret of this scheme, to be read after its name; undefined when it can. */
  readonly secretProblem: (secret: string) => string | undefined
  /** Throws where there is no secret, or one of them cannot be used. */
  readonly keyring: (secrets: readonly Secret[]) => Keyring
  /** What to keep of a request that is to be verified again. It never holds a credential. Total. */
  readonly evidenceOf: (request: VerifiableRequest) => Evidence
}

/** The secrets of one source at work. */
export interface Keyring {
  readonly verify: Verifier
  readonly verifyAgain: VerifierOfKept
  /** Requests are judged by these from now on. Throws as `keyring` does, and then changes nothing. */
  readonly replace: (secrets: readonly Secret[]) => void
}

/** `Signed`: what a credential is made from beside the key. */
export interface SchemeParts<Key, Signed extends object> {
  readonly credentials: readonly Credential[]
  readonly secretProblem?: (secret: string) => string | undefined
  /** Made once for a secret. */
  readonly keyOf: (secret: string) => Key
  /** What the request offers: one credential, or several of which one must be right. Total. */
  readonly credentialsIn: (rawHeaders: readonly string[]) => readonly Buffer[] | Failure
  /** Names of the header fields that `signedIn` reads, in lower case. They are no secret. */
  readonly signedHeaders?: readonly string[]
  /** Total. */
  readonly signedIn: (request: VerifiableRequest) => Signed | Failure
  /** Of the credential that a request of the sender's own has, its digest. Total. */
  readonly expectedDigest: (key: Key, signed: Signed) => Buffer
}

/** Longer ones are no id and no stamp. */
const MAX_SIGNED_HEADER = 256

/** A scheme of its parts: how several secrets and their windows are judged is the same for all. */
export function scheme<Key, Signed extends object>(parts: SchemeParts<Key, Signed>): Scheme {
  const { keyOf, credentialsIn, signedHeaders = [], signedIn, expectedDigest, secretProblem = () => undefined } = parts

  function keysOf(secrets: readonly Secret[]) {
    if (secrets.length === 0) throw new Error('there is no secret: nobody could get in')
    return secrets.map(secret => {
      if (secret.secret === '') throw new Error(`${secret.label} is empty: everybody could get in`)
      const verified: Verdict = { kind: 'verified', secretId: secret.id }
      return { secret, key: keyOf(secret.secret), verified }
    })
  }

  function keyring(secrets: readonly Secret[]): Keyring {
    let keys = keysOf(secrets)

    /** `accepts`: of the digest of the right credential. `counts`: whether a secret does at this time. */
    function judge(
      request: VerifiableRequest,
      accepts: (digest: Buffer) => boolean,
      counts: (secret: Secret) => boolean,
    ): Verdict {
      const signed = signedIn(request)
      if (typeof signed === 'string') return { kind: 'failed', reason: signed }
      // all of them, always: how long it takes must not tell which one it was
      const matching = keys.filter(({ key }) => accepts(expectedDigest(key, signed)))
      const valid = matching.find(({ secret }) => counts(secret))
      if (valid) return valid.verified
      const [other] = matching
      if (other === undefined) return { kind: 'failed', reason: 'mismatch' }
      return { kind: 'failed', reason: outside(other.secret, request.now), secretId: other.secret.id }
    }

    return {
      replace: others => void (keys = keysOf(others)),
      verify(request) {
        const credentials = credentialsIn(request.rawHeaders)
        if (typeof credentials === 'string') return { kind: 'failed', reason: credentials }
        const given = credentials.map(digestOf)
        const isValid = (secret: Secret) => standing(secret, request.now) === 'valid'
        return judge(request, digest => isAmong(digest, given), isValid)
      },
      verifyAgain({ body, headers, receivedAt, proofs }, now) {
        const given = proofs.map(proof => Buffer.from(proof, 'hex'))
        const wasOrIsValid = (secret: Secret) => [receivedAt, now].some(at => standing(secret, at) === 'valid')
        const request = { body, rawHeaders: Object.entries(headers).flat(), now: receivedAt }
        return judge(request, digest => isAmong(proofOf(digest, body), given), wasOrIsValid)
      },
    }
  }

  function evidenceOf({ body, rawHeaders }: VerifiableRequest): Evidence {
    const credentials = credentialsIn(rawHeaders)
    if (typeof credentials === 'string') return { proofs: [], headers: {} }
    const headers: Record<string, string> = {}
    for (const name of signedHeaders) {
      const found = onlyHeader(rawHeaders, name)
      if (typeof found === 'object' && found.value.length <= MAX_SIGNED_HEADER) headers[name] = found.value
    }
    return { proofs: credentials.map(one => proofOf(digestOf(one), body).toString('hex')), headers }
  }

  return { credentials: parts.credentials, secretProblem, keyring, evidenceOf }
}

/** All of them are compared, each in constant time. Proofs that are none have another length. */
function isAmong(expected: Buffer, given: readonly Buffer[]): boolean {
  return given.filter(one => one.length === expected.length && timingSafeEqual(one, expected)).length > 0
}

function outside(secret: Secret, now: number): Failure {
  return standing(secret, now) === 'not_yet_valid' ? 'not_yet_valid' : 'expired'
}
