/** What a verifier looks at. */
export interface VerifiableRequest {
  /** The bytes as they came. */
  readonly body: Buffer
  /** Names and values as Node gives them: `[name, value, name, value, …]`. */
  readonly rawHeaders: readonly string[]
  /** Milliseconds since 1970. */
  readonly now: number
}

/**
 * Why a request is not let in, for people who look for the cause: all are answered alike. `expired`, `not_yet_valid`: it
 * was made with a secret of ours, outside the secret's window. `too_old`, `too_new`: its own stamp is.
 */
export const FAILURES = [
  'missing',
  'repeated',
  'malformed',
  'mismatch',
  'expired',
  'not_yet_valid',
  'too_old',
  'too_new',
] as const

export type Failure = (typeof FAILURES)[number]

/** `secretId`: of the secret that the request was made with, where it is one of ours. */
export type Verdict =
  | { readonly kind: 'verified'; readonly secretId: string }
  | { readonly kind: 'failed'; readonly reason: Failure; readonly secretId?: string }

/** What no request but the sender's own can pass. Never throws, whatever the bytes and headers are. */
export type Verifier = (request: VerifiableRequest) => Verdict

/** A request as it is kept, with proofs in place of its credential. */
interface KeptRequest {
  /** Whole, as it came. */
  readonly body: Buffer
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** Milliseconds since 1970. */
  readonly receivedAt: number
  /** As `Evidence` has them. */
  readonly proofs: readonly string[]
}

/**
 * The same judgement later, with the secrets of today: the cause may be mended. A stamp is judged by the time at which the
 * request came; a secret counts that is valid at `now`, or was when the request came. Never throws.
 */
export type VerifierOfKept = (request: KeptRequest, now: number) => Verdict

/**
 * The only value of a header. Node joins a header that came twice into one value, so this reads the raw list of names
 * and values.
 */
export function onlyHeader(rawHeaders: readonly string[], name: string): { value: string } | 'missing' | 'repeated' {
  let value: string | undefined
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const candidate = rawHeaders[at]
    if (candidate?.length !== name.length || candidate.toLowerCase() !== name) continue
    if (value !== undefined) return 'repeated'
    value = rawHeaders[at + 1]
  }
  return value === undefined || value === '' ? 'missing' : { value }
}
