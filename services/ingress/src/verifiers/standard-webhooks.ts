import { isUtf8 } from 'node:buffer'
import { Webhook } from 'standardwebhooks'
import { digestOf } from './evidence.ts'
import { scheme } from './scheme.ts'
import type { Scheme } from './scheme.ts'
import { onlyHeader } from './verifier.ts'
import type { Failure } from './verifier.ts'

/** Without full stops, which separate what is signed. */
const MESSAGE_ID = /^[\x21-\x2d\x2f-\x7e]{1,256}$/
/** The library would read `1772359201x` as the number that it begins with. */
const UNIX_SECONDS = /^[1-9]\d{0,10}$/
const SIGNATURE = /^v1,[A-Za-z0-9+/]{43}=$/
/** A sender that rotates sends one for each of its secrets. */
const MAX_SIGNATURES = 8
/** The specification's least, after base64. */
const MIN_KEY_BYTES = 24

export interface StandardWebhooksOptions {
  /** How far the delivery's own stamp may be from our clock, either way. */
  readonly toleranceMs: number
}

/**
 * Standard Webhooks with symmetric secrets (`v1`): `webhook-id`, `webhook-timestamp`, `webhook-signature`, the latter
 * perhaps several signatures, one of which must match. What is signed, and with which key, is the library's. Its own
 * `verify` is passed by: it knows one clock and one tolerance, compares one secret, and decodes the body, so that
 * different broken bytes would have one signature.
 */
export function standardWebhooks({ toleranceMs }: StandardWebhooksOptions): Scheme {
  return scheme({
    credentials: [
      {
        name: 'webhook-id',
        description: 'The id of the message, the same in each attempt: up to 256 ASCII characters.',
      },
      {
        name: 'webhook-timestamp',
        description: `When this attempt was made, in seconds since 1970; at most ${toleranceMs / 1_000} s from our clock.`,
      },
      {
        name: 'webhook-signature',
        description:
          '`v1,` and the base64 of the HMAC-SHA256 of id, timestamp and body, as Standard Webhooks describes it; several ' +
          `are separated by spaces, at most ${MAX_SIGNATURES}.`,
      },
    ],
    secretProblem: keyProblem,
    keyOf: secret => new Webhook(secret),
    credentialsIn(rawHeaders) {
      const found = onlyHeader(rawHeaders, 'webhook-signature')
      if (typeof found === 'string') return found
      const given = v1Signatures(found.value)
      return given.length === 0 || given.length > MAX_SIGNATURES ? 'malformed' : given
    },
    signedHeaders: ['webhook-id', 'webhook-timestamp'],
    signedIn({ body, rawHeaders, now }) {
      const id = onlyHeader(rawHeaders, 'webhook-id')
      const stamp = onlyHeader(rawHeaders, 'webhook-timestamp')
      if (typeof id === 'string') return id
      if (typeof stamp === 'string') return stamp
      if (!MESSAGE_ID.test(id.value) || !UNIX_SECONDS.test(stamp.value) || !isUtf8(body)) return 'malformed'
      const sentAt = Number(stamp.value) * 1_000
      return outOfTime(now - sentAt, toleranceMs) ?? { id: id.value, sentAt: new Date(sentAt), body }
    },
    expectedDigest: (webhook, { id, sentAt, body }) => digestOf(Buffer.from(webhook.sign(id, sentAt, body))),
  })
}

/** Signatures of other versions are for others to check. */
function v1Signatures(value: string): readonly Buffer[] {
  return value
    .split(' ')
    .filter(one => SIGNATURE.test(one))
    .map(one => Buffer.from(one))
}

function outOfTime(ageMs: number, toleranceMs: number): Failure | undefined {
  if (ageMs > toleranceMs) return 'too_old'
  return -ageMs > toleranceMs ? 'too_new' : undefined
}

function keyProblem(secret: string): string | undefined {
  const text = secret.replace(/^whsec_/, '')
  // strictly: the library decodes some texts that are no base64
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) return 'is not whsec_ and base64'
  const bytes = Buffer.byteLength(text, 'base64')
  return bytes < MIN_KEY_BYTES ? `decodes to ${bytes} bytes, fewer than ${MIN_KEY_BYTES}` : undefined
}
