import { X509Certificate, createPrivateKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { valueProblems } from './security-problems.ts'
import type { SecurityRules } from './security-problems.ts'
import { isSaslMechanism } from './security-variables.ts'
import type { SaslMechanism, SecurityValues, SecurityVariable } from './security-variables.ts'

/** How Kafka is reached and who asks. Holds secrets: never to be logged. */
export interface KafkaSecurity {
  readonly tls?: Tls
  readonly login?: Login
}

/** PEM texts. Without a `ca` those that Node.js trusts. */
interface Tls {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
}

type Login =
  | { readonly mechanism: Exclude<SaslMechanism, 'OAUTHBEARER'>; readonly username: string; readonly password: string }
  | ({ readonly mechanism: 'OAUTHBEARER' } & OauthClient)

export interface OauthClient {
  readonly tokenEndpointUrl: string
  readonly clientId: string
  readonly clientSecret: string
  readonly scope: string | undefined
}

/** The variables do not make a connection. The message names them and what to set, never a secret. */
export class SecurityRefused extends Error {
  readonly code = 'security_refused'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`Kafka's security is not set as it must be:\n${problems.map(problem => `- ${problem}`).join('\n')}`)
    this.name = 'SecurityRefused'
    this.problems = problems
  }
}

/** The only reader of what the variables mean, files included. Throws `SecurityRefused`. */
export function readSecurity(values: SecurityValues, rules: SecurityRules): KafkaSecurity {
  const problems = [...valueProblems(values, rules)]
  const read = (name: SecurityVariable) => textOf(values, name, problems)
  const protocol = values.KAFKA_SECURITY_PROTOCOL || 'PLAINTEXT'
  const tls = protocol.endsWith('SSL') ? tlsOf(read, problems) : undefined
  const login = protocol.startsWith('SASL') && problems.length === 0 ? loginOf(values, read) : undefined
  if (problems.length > 0) throw new SecurityRefused(problems)
  return { ...(tls && { tls }), ...(login && { login }) }
}

type Read = (name: SecurityVariable) => string | undefined

function tlsOf(read: Read, problems: string[]): Tls {
  const ca = read('KAFKA_SSL_CA_FILE')
  const cert = read('KAFKA_SSL_CERT_FILE')
  const key = read('KAFKA_SSL_KEY_FILE')
  if (ca !== undefined) certificateOf(ca, 'KAFKA_SSL_CA_FILE', problems)
  if (cert !== undefined && key !== undefined) pairProblems(cert, key, problems)
  return { ...(ca !== undefined && { ca }), ...(cert !== undefined && { cert }), ...(key !== undefined && { key }) }
}

function pairProblems(cert: string, key: string, problems: string[]): void {
  const own = certificateOf(cert, 'KAFKA_SSL_CERT_FILE', problems)
  if (own !== undefined && own.validToDate < new Date()) {
    problems.push(`the certificate in KAFKA_SSL_CERT_FILE expired on ${own.validTo}: replace it`)
  }
  try {
    const fits = own?.checkPrivateKey(createPrivateKey(key)) ?? true
    if (!fits) problems.push('the key in KAFKA_SSL_KEY_FILE is not that of the certificate in KAFKA_SSL_CERT_FILE')
  } catch {
    problems.push('KAFKA_SSL_KEY_FILE holds no key in PEM without a passphrase')
  }
}

function certificateOf(pem: string, name: SecurityVariable, problems: string[]): X509Certificate | undefined {
  try {
    return new X509Certificate(pem)
  } catch {
    problems.push(`${name} holds no certificate in PEM`)
    return undefined
  }
}

function loginOf(values: SecurityValues, read: Read): Login | undefined {
  const mechanism = values.KAFKA_SASL_MECHANISM ?? ''
  if (!isSaslMechanism(mechanism)) return undefined
  if (mechanism !== 'OAUTHBEARER') {
    const password = values.KAFKA_SASL_PASSWORD || read('KAFKA_SASL_PASSWORD_FILE')
    return { mechanism, username: values.KAFKA_SASL_USERNAME ?? '', password: password ?? '' }
  }
  const secret = values.KAFKA_SASL_OAUTHBEARER_CLIENT_SECRET || read('KAFKA_SASL_OAUTHBEARER_CLIENT_SECRET_FILE')
  return {
    mechanism,
    tokenEndpointUrl: values.KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL ?? '',
    clientId: values.KAFKA_SASL_OAUTHBEARER_CLIENT_ID ?? '',
    clientSecret: secret ?? '',
    scope: values.KAFKA_SASL_OAUTHBEARER_SCOPE || undefined,
  }
}

/** Of the file that the variable names; its last line's end is the editor's. */
function textOf(values: SecurityValues, name: SecurityVariable, problems: string[]): string | undefined {
  const path = values[name]
  if (!path) return undefined
  try {
    const text = readFileSync(path, 'utf8').trimEnd()
    if (text !== '') return text
    problems.push(`the file of ${name} is empty`)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : ''
    problems.push(`the file of ${name} cannot be read${code}`)
  }
  return undefined
}
