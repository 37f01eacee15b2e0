/** Kafka was reached and does not let this process do what it asked. */
export interface KafkaRefusal {
  /** `protocol` is a guess: a broker that goes down hangs up as well. */
  readonly kind: 'credentials' | 'certificate' | 'permission' | 'protocol'
  /** What to do about it: it names variables, topics and groups, never a secret. */
  readonly sentence: string
}

/** What of an error, or of what caused it, is a refusal; `undefined` where it is something else. */
export function kafkaRefusal(error: unknown): KafkaRefusal | undefined {
  for (const one of chainOf(error)) {
    const refusal = refusalOf(one)
    if (refusal !== undefined) return refusal
  }
  return undefined
}

/** Asking again changes nothing until somebody has. */
export function isRefused(error: unknown): boolean {
  const kind = kafkaRefusal(error)?.kind
  return kind !== undefined && kind !== 'protocol'
}

function* chainOf(error: unknown): Generator<Error> {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    yield cause
    if ('errors' in cause && Array.isArray(cause.errors)) for (const one of cause.errors) yield* chainOf(one)
  }
}

function refusalOf(error: Error): KafkaRefusal | undefined {
  if (error.name === 'KafkaJSSASLAuthenticationError') return { kind: 'credentials', sentence: credentials(error) }
  const type = textOf(error, 'type')
  if (type === 'UNSUPPORTED_SASL_MECHANISM') {
    return {
      kind: 'credentials',
      sentence: "Kafka's listener does not take this mechanism: check KAFKA_SASL_MECHANISM",
    }
  }
  if (type?.endsWith('_AUTHORIZATION_FAILED') === true) return { kind: 'permission', sentence: permission(error, type) }
  if (error.name === 'KafkaJSGroupCoordinatorNotFound') {
    // kafkajs keeps to itself what it met
    const sentence =
      'Kafka names no coordinator of this group: it does not allow this user the group (infra/acls.yaml), or has none now'
    return { kind: 'permission', sentence }
  }
  const certificate = certificateSentence(textOf(error, 'code') ?? '')
  if (certificate !== undefined) return { kind: 'certificate', sentence: certificate }
  const hungUp = error.name === 'KafkaJSConnectionClosedError' || /before secure TLS connection/.test(error.message)
  if (!hungUp && type !== 'ILLEGAL_SASL_STATE') return undefined
  const sentence =
    'Kafka hangs up before it answers: KAFKA_SECURITY_PROTOCOL and KAFKA_BROKERS must be those of one listener'
  return { kind: 'protocol', sentence }
}

function credentials({ message }: Error): string {
  if (!message.includes('OAUTHBEARER')) {
    return 'Kafka refuses the login: check KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD (or KAFKA_SASL_PASSWORD_FILE) and KAFKA_SASL_MECHANISM'
  }
  return message.includes('token endpoint')
    ? 'the token endpoint refuses the client: check KAFKA_SASL_OAUTHBEARER_CLIENT_ID, KAFKA_SASL_OAUTHBEARER_CLIENT_SECRET (or its _FILE) and KAFKA_SASL_OAUTHBEARER_SCOPE'
    : 'Kafka does not take the token: its audience, its issuer or the clocks differ; check KAFKA_SASL_OAUTHBEARER_SCOPE and the listener'
}

function permission(error: Error, type: string): string {
  const topic = textOf(error, 'topic')
  const what = type.replace('_AUTHORIZATION_FAILED', '').toLowerCase()
  const which = topic === undefined ? `this ${what}` : `${what} ${topic}`
  return `Kafka does not allow this user the ${which}: give it the permissions of infra/acls.yaml (${error.message})`
}

/** Codes of Node.js and OpenSSL. Source: https://nodejs.org/api/tls.html#x509-certificate-error-codes */
function certificateSentence(code: string): string | undefined {
  if (/^(UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|CERT_(UNTRUSTED|REJECTED|SIGNATURE)|INVALID_CA)/.test(code)) {
    return "a broker's certificate is not trusted: set KAFKA_SSL_CA_FILE to the CA that signed it"
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID' || code === 'HOSTNAME_MISMATCH') {
    return "a broker's certificate is for another name: KAFKA_BROKERS, and what the brokers advertise, must be names in it"
  }
  if (/^CERT_(HAS_EXPIRED|NOT_YET_VALID|REVOKED)/.test(code)) {
    return `a broker's certificate is not valid now (${code}): replace it, or look at this machine's clock`
  }
  if (/^ERR_SSL_.*ALERT/.test(code)) {
    return `Kafka ends the TLS handshake (${code}): it does not take the client certificate; check KAFKA_SSL_CERT_FILE and KAFKA_SSL_KEY_FILE`
  }
  return undefined
}

function textOf(error: Error, field: 'type' | 'code' | 'topic'): string | undefined {
  const value: unknown = Object.entries(error).find(([name]) => name === field)?.[1]
  return typeof value === 'string' ? value : undefined
}
