import type { Mechanism, SaslAuthenticateArgs } from 'kafkajs'
import { CredentialsRefused } from './credentials-refused.ts'
import type { TokenSource } from './token-source.ts'

/** How a client says that it has understood that it is refused. */
const UNDERSTOOD = '\u0001'

/**
 * OAUTHBEARER (RFC 7628). kafkajs's own takes every answer for a success: with a bad token it says `No brokers in the broker
 * pool`, and goes on asking.
 */
export function oauthBearer(tokens: TokenSource): Mechanism {
  return {
    mechanism: 'oauthbearer',
    authenticationProvider: ({ saslAuthenticate }) => ({
      async authenticate() {
        const token = await tokens.get()
        const refusal = await saslAuthenticate({ ...sending(`n,,\u0001auth=Bearer ${token}\u0001\u0001`), response })
        if (typeof refusal !== 'string' || refusal === '') return
        tokens.forget()
        // the broker answers this with the error, and hangs up
        await saslAuthenticate(sending(UNDERSTOOD)).catch(() => undefined)
        throw new CredentialsRefused('SASL OAUTHBEARER authentication failed: the broker does not take the token')
      },
    }),
  }
}

function sending(text: string): Pick<SaslAuthenticateArgs<string>, 'request'> {
  const bytes = Buffer.from(text)
  const size = Buffer.alloc(4)
  size.writeInt32BE(bytes.length)
  return { request: { encode: () => Buffer.concat([size, bytes]) } }
}

const response: NonNullable<SaslAuthenticateArgs<string>['response']> = {
  decode: bytes => bytes,
  // behind its size
  parse: bytes => bytes.toString('utf8', 4),
}
