import type { KafkaConfig } from 'kafkajs'
import type { KafkaLog } from './log.ts'
import { oauthBearer } from './oauthbearer.ts'
import { SecurityRefused } from './security.ts'
import type { KafkaSecurity, Login } from './security.ts'
import { fetchToken } from './token-endpoint.ts'
import { tokenSource } from './token-source.ts'
import type { TokenSource } from './token-source.ts'

/** Below the time-outs of connections. */
const TOKEN_LIMIT_MS = 2_000

/**
 * What kafkajs is given for each new set of connections. Files are read again each time, so that a new password or certificate
 * needs no restart; while they are not as they must be, what was read last serves. Throws `SecurityRefused` the first time.
 */
export function credentials(read: () => KafkaSecurity, log: KafkaLog): () => Pick<KafkaConfig, 'ssl' | 'sasl'> {
  let good = read()

  function current(): KafkaSecurity {
    try {
      good = read()
    } catch (error) {
      if (!(error instanceof SecurityRefused)) throw error
      log.warn({ problems: error.problems }, "Kafka's credentials cannot be read again: those read before are used")
    }
    return good
  }

  const tokens = tokenSource(
    () => {
      const { login } = current()
      if (login?.mechanism !== 'OAUTHBEARER') throw new Error('the mechanism is another one now')
      return fetchToken(login, TOKEN_LIMIT_MS)
    },
    () => performance.now(),
  )

  return () => {
    const { tls, login } = current()
    return { ...(tls && { ssl: { ...tls } }), ...(login && { sasl: saslOf(login, tokens) }) }
  }
}

function saslOf(login: Login, tokens: TokenSource): NonNullable<KafkaConfig['sasl']> {
  switch (login.mechanism) {
    case 'PLAIN':
      return { mechanism: 'plain', username: login.username, password: login.password }
    case 'SCRAM-SHA-256':
      return { mechanism: 'scram-sha-256', username: login.username, password: login.password }
    case 'SCRAM-SHA-512':
      return { mechanism: 'scram-sha-512', username: login.username, password: login.password }
    case 'OAUTHBEARER':
      return oauthBearer(tokens)
  }
}
