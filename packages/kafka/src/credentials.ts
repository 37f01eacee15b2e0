import type { ConnectionOptions } from 'node:tls'
import type { KafkaConfig } from 'kafkajs'
import type { KafkaLog } from './log.ts'
import { oauthBearer } from './oauthbearer.ts'
import { SecurityRefused } from './security.ts'
import type { KafkaSecurity } from './security.ts'
import type { SaslMechanism } from './security-variables.ts'
import { fetchToken } from './token-endpoint.ts'
import { tokenSource } from './token-source.ts'
import type { TokenSource } from './token-source.ts'

/** Below the time-outs of connections. */
const TOKEN_LIMIT_MS = 2_000

/**
 * What kafkajs is given. It looks at these fields whenever it connects or logs in, and files are read again then: a new password
 * or certificate needs no restart and no new connection. While they are not as they must be, what was read last serves. Throws
 * `SecurityRefused` the first time.
 */
export function credentials(read: () => KafkaSecurity, log: KafkaLog): () => Pick<KafkaConfig, 'ssl' | 'sasl'> {
  let good = read()
  let told: string | undefined

  function current(): KafkaSecurity {
    try {
      good = read()
      told = undefined
    } catch (error) {
      if (!(error instanceof SecurityRefused)) throw error
      // once: kafkajs looks many times
      if (told !== error.message) {
        log.warn({ problems: error.problems }, "Kafka's credentials cannot be read again: those read before are used")
      }
      told = error.message
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
    return { ...(tls && { ssl: tlsNow(current) }), ...(login && { sasl: loginNow(login.mechanism, current, tokens) }) }
  }
}

function tlsNow(current: () => KafkaSecurity): ConnectionOptions {
  return {
    get ca() {
      return current().tls?.ca
    },
    get cert() {
      return current().tls?.cert
    },
    get key() {
      return current().tls?.key
    },
  }
}

function loginNow(
  mechanism: SaslMechanism,
  current: () => KafkaSecurity,
  tokens: TokenSource,
): NonNullable<KafkaConfig['sasl']> {
  const user = {
    get username() {
      return passwordOf(current()).username
    },
    get password() {
      return passwordOf(current()).password
    },
  }
  switch (mechanism) {
    case 'PLAIN':
      return Object.assign(user, { mechanism: 'plain' } as const)
    case 'SCRAM-SHA-256':
      return Object.assign(user, { mechanism: 'scram-sha-256' } as const)
    case 'SCRAM-SHA-512':
      return Object.assign(user, { mechanism: 'scram-sha-512' } as const)
    case 'OAUTHBEARER':
      return oauthBearer(tokens)
  }
}

/** The variables do not change while a process lives, only files do. */
function passwordOf({ login }: KafkaSecurity): { readonly username: string; readonly password: string } {
  return login === undefined || login.mechanism === 'OAUTHBEARER' ? { username: '', password: '' } : login
}
