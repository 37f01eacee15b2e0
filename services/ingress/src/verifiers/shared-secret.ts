import { digestOf } from './evidence.ts'
import { scheme } from './scheme.ts'
import type { Scheme } from './scheme.ts'
import { onlyHeader } from './verifier.ts'

const NOTHING = {}

/** The header is the secret itself. It proves possession, not that the body is whole. */
export function sharedSecret({ header }: { header: string }): Scheme {
  return scheme({
    credentials: [
      { name: header, description: "The webhook's secret as it was given when the webhook was registered." },
    ],
    keyOf: secret => digestOf(Buffer.from(secret)),
    credentialsIn(rawHeaders) {
      const found = onlyHeader(rawHeaders, header)
      // Node reads a header's bytes as latin1
      return typeof found === 'string' ? found : [Buffer.from(found.value, 'latin1')]
    },
    signedIn: () => NOTHING,
    expectedDigest: digest => digest,
  })
}
