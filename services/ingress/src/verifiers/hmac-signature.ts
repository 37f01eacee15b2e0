import { createHmac, createSecretKey } from 'node:crypto'
import { digestOf } from './evidence.ts'
import { scheme } from './scheme.ts'
import type { Scheme } from './scheme.ts'
import { onlyHeader } from './verifier.ts'

/** What SHA-256 is in lower-case hex, and nothing else: `Buffer.from(…, 'hex')` stops silently where the hex ends. */
const HEX_SHA256 = /^[0-9a-f]{64}$/

/** The header is the HMAC-SHA256 of the raw body in lower-case hex, keyed with the secret as it is. */
export function hmacSignature({ header }: { header: string }): Scheme {
  return scheme({
    credentials: [
      {
        name: header,
        description:
          "The HMAC-SHA256 of the body's bytes as they are sent, in 64 lower-case hex digits, keyed with the webhook's " +
          'secret as it was given, with its `whsec_`.',
      },
    ],
    // made once: with the raw bytes as key each signature takes five times as long
    keyOf: secret => createSecretKey(secret, 'utf8'),
    credentialsIn(rawHeaders) {
      const found = onlyHeader(rawHeaders, header)
      if (typeof found === 'string') return found
      return HEX_SHA256.test(found.value) ? [Buffer.from(found.value, 'hex')] : 'malformed'
    },
    signedIn: request => request,
    expectedDigest: (key, { body }) => digestOf(createHmac('sha256', key).update(body).digest()),
  })
}
