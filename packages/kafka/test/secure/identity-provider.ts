import { generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'

export const AUDIENCE = 'kafka'
export const ISSUER = 'https://idp.example'

/** A token endpoint for client credentials, with the key that the broker checks its tokens by. */
export interface IdentityProvider {
  readonly tokenUrl: string
  readonly jwks: string
  /** Tokens given to the client. */
  issued(client: string): number
  /** How its next requests are answered. */
  behave(client: string, how: Behaviour): void
  close(): void
}

interface Behaviour {
  readonly lifetimeS?: number
  readonly audience?: string
  /** Answers with this status and no token. */
  readonly status?: number
}

export async function identityProvider(clients: Readonly<Record<string, string>>): Promise<IdentityProvider> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
  const jwk = publicKey.export({ format: 'jwk' })
  const behaviours = new Map<string, Behaviour>()
  const issued = new Map<string, number>()

  function tokenFor(subject: string, lifetimeS: number, audience: string): string {
    const now = Math.floor(Date.now() / 1_000)
    const claims = { iss: ISSUER, sub: subject, aud: audience, jti: randomUUID() }
    const parts = [
      { alg: 'RS256', kid: 'test', typ: 'JWT' },
      { ...claims, iat: now, exp: now + lifetimeS },
    ].map(part => Buffer.from(JSON.stringify(part)).toString('base64url'))
    const signature = sign('sha256', Buffer.from(parts.join('.')), privateKey).toString('base64url')
    return [...parts, signature].join('.')
  }

  const server = createServer((request, response) => {
    const answer = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    }
    const [, basic = ''] = (request.headers.authorization ?? '').split(' ')
    const [id = '', secret = ''] = Buffer.from(basic, 'base64').toString().split(':').map(decodeURIComponent)
    const { status, lifetimeS = 3_600, audience = AUDIENCE } = behaviours.get(id) ?? {}
    if (status !== undefined) return answer(status, { error: 'temporarily_unavailable' })
    if (clients[id] !== secret) return answer(401, { error: 'invalid_client', error_description: `not ${secret}` })
    issued.set(id, (issued.get(id) ?? 0) + 1)
    answer(200, { access_token: tokenFor(id, lifetimeS, audience), token_type: 'Bearer', expires_in: lifetimeS })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  return {
    tokenUrl: `http://127.0.0.1:${port}/token`,
    jwks: JSON.stringify({ keys: [{ ...jwk, kid: 'test', use: 'sig', alg: 'RS256' }] }),
    issued: client => issued.get(client) ?? 0,
    behave: (client, how) => void behaviours.set(client, how),
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
