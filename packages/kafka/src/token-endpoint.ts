import kafkajs from 'kafkajs'
import * as oauth from 'oauth4webapi'
import { CredentialsRefused } from './credentials-refused.ts'
import type { OauthClient } from './security.ts'
import type { Token } from './token-source.ts'

/** Where the endpoint does not say; the broker knows, and a refused token is forgotten. */
const UNTOLD_LIFETIME_S = 60

/**
 * Client credentials for a token (RFC 6749, 4.4). Rejects with an error of kafkajs that says whether to try again; it shows
 * the status and the endpoint's error code, never a secret, a token or a text of the endpoint.
 */
export async function fetchToken(client: OauthClient, limitMs: number): Promise<Token> {
  const { tokenEndpointUrl, clientId, clientSecret, scope } = client
  // in production only https:// comes so far
  const insecure = tokenEndpointUrl.startsWith('http://')
  const server = { issuer: new URL(tokenEndpointUrl).origin, token_endpoint: tokenEndpointUrl }
  try {
    const response = await oauth.clientCredentialsGrantRequest(
      server,
      { client_id: clientId },
      oauth.ClientSecretBasic(clientSecret),
      scope === undefined ? {} : { scope },
      { signal: AbortSignal.timeout(limitMs), [oauth.allowInsecureRequests]: insecure },
    )
    if (response.status === 429 || response.status >= 500) throw away(`status ${response.status}`)
    const answer = await oauth.processClientCredentialsResponse(server, { client_id: clientId }, response)
    return { value: answer.access_token, lifetimeMs: (answer.expires_in ?? UNTOLD_LIFETIME_S) * 1_000 }
  } catch (error) {
    if (error instanceof kafkajs.KafkaJSError) throw error
    if (error instanceof oauth.ResponseBodyError) throw refused(`${error.status} ${error.error}`)
    if (error instanceof oauth.WWWAuthenticateChallengeError) throw refused(`status ${error.status}`)
    if (error instanceof oauth.OperationProcessingError) throw refused(error.code ?? 'an answer that is none')
    throw away(causeCodeOf(error))
  }
}

/** As when no broker answers: kafkajs tries again. */
function away(why: string): Error {
  return new kafkajs.KafkaJSConnectionError(`SASL OAUTHBEARER: the token endpoint does not answer (${why})`)
}

function refused(why: string): Error {
  return new CredentialsRefused(
    `SASL OAUTHBEARER authentication failed: the token endpoint refuses the client (${why})`,
  )
}

/** `fetch` has the code in its cause. */
function causeCodeOf(error: unknown): string {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && typeof cause.code === 'string') return cause.code
    if (cause.name === 'TimeoutError') return 'time-out'
  }
  return 'unknown'
}
