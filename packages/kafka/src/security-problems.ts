import { isSaslMechanism, isSecurityProtocol, SASL_MECHANISMS, SECURITY_PROTOCOLS } from './security-variables.ts'
import { SECURITY_VARIABLES } from './security-variables.ts'
import type { SecurityValues, SecurityVariable } from './security-variables.ts'

const OAUTH = 'KAFKA_SASL_OAUTHBEARER_'

export interface SecurityRules {
  /** Refuses what sends records or secrets without TLS. */
  readonly production: boolean
}

/** What is wrong with the variables together, a sentence each that says what to set and shows no value that is secret. */
export function valueProblems(values: SecurityValues, { production }: SecurityRules): readonly string[] {
  const protocol = values.KAFKA_SECURITY_PROTOCOL || 'PLAINTEXT'
  if (!isSecurityProtocol(protocol)) {
    return [`KAFKA_SECURITY_PROTOCOL must be one of ${SECURITY_PROTOCOLS.join(', ')}`]
  }
  const problems: string[] = []
  const tls = protocol.endsWith('SSL')
  if (production && !tls) {
    const safe = protocol === 'PLAINTEXT' ? 'SSL or SASL_SSL' : 'SASL_SSL'
    problems.push(
      `KAFKA_SECURITY_PROTOCOL is ${protocol} in production: set KAFKA_SECURITY_PROTOCOL=${safe}, or HOOKLINE_ENV=development on a developer machine`,
    )
  }
  if (!tls) problems.push(...unused(values, 'KAFKA_SSL_', protocol, 'SSL or SASL_SSL'))
  if (!values.KAFKA_SSL_CERT_FILE !== !values.KAFKA_SSL_KEY_FILE) {
    problems.push('KAFKA_SSL_CERT_FILE and KAFKA_SSL_KEY_FILE go together: set both, or neither')
  }
  if (protocol.startsWith('SASL')) problems.push(...loginProblems(values, production))
  else problems.push(...unused(values, 'KAFKA_SASL_', protocol, 'SASL_SSL'))
  return problems
}

function loginProblems(values: SecurityValues, production: boolean): readonly string[] {
  const mechanism = values.KAFKA_SASL_MECHANISM || ''
  if (!isSaslMechanism(mechanism)) {
    const what = mechanism === '' ? 'is not set, and KAFKA_SECURITY_PROTOCOL asks for a login' : 'is unknown'
    return [`KAFKA_SASL_MECHANISM ${what}: set it to one of ${SASL_MECHANISMS.join(', ')}`]
  }
  if (mechanism !== 'OAUTHBEARER') {
    const others = setOnes(values, OAUTH)
    return [
      ...missing(values, 'KAFKA_SASL_USERNAME', mechanism),
      ...secretProblems(values, 'KAFKA_SASL_PASSWORD', mechanism),
      ...(others.length > 0 ? [`${others.join(', ')}: unset them, or set KAFKA_SASL_MECHANISM=OAUTHBEARER`] : []),
    ]
  }
  const others = setOnes(values, 'KAFKA_SASL_').filter(name => /_(USERNAME|PASSWORD|PASSWORD_FILE)$/.test(name))
  return [
    ...endpointProblems(values, production),
    ...missing(values, `${OAUTH}CLIENT_ID`, mechanism),
    ...secretProblems(values, `${OAUTH}CLIENT_SECRET`, mechanism),
    ...(others.length > 0 ? [`${others.join(', ')}: unset them, OAUTHBEARER has a client id and secret`] : []),
  ]
}

function endpointProblems(values: SecurityValues, production: boolean): readonly string[] {
  const name = `${OAUTH}TOKEN_ENDPOINT_URL` as const
  const text = values[name]
  if (!text) return missing(values, name, 'OAUTHBEARER')
  const protocol = URL.parse(text)?.protocol
  if (protocol === 'https:' || (protocol === 'http:' && !production)) return []
  return [`${name} must be an https:// address: the client secret is sent there`]
}

function secretProblems(
  values: SecurityValues,
  name: 'KAFKA_SASL_PASSWORD' | 'KAFKA_SASL_OAUTHBEARER_CLIENT_SECRET',
  mechanism: string,
): readonly string[] {
  const inFile = `${name}_FILE` as const
  if (values[name] && values[inFile]) return [`${name} and ${inFile} are both set: unset one of them`]
  if (values[name] || values[inFile]) return []
  return [`${name} is not set, and ${mechanism} needs it: set it, or ${inFile}`]
}

function missing(values: SecurityValues, name: SecurityVariable, mechanism: string): readonly string[] {
  return values[name] ? [] : [`${name} is not set, and ${mechanism} needs it (${SECURITY_VARIABLES[name]})`]
}

/** Somebody believes that these protect the connection. */
function unused(values: SecurityValues, prefix: string, protocol: string, cure: string): readonly string[] {
  const names = setOnes(values, prefix)
  if (names.length === 0) return []
  return [
    `${names.join(', ')}: without effect with KAFKA_SECURITY_PROTOCOL=${protocol}: set it to ${cure}, or unset them`,
  ]
}

function setOnes(values: SecurityValues, prefix: string): readonly string[] {
  return Object.keys(SECURITY_VARIABLES).filter(name => name.startsWith(prefix) && isSet(values, name))
}

function isSet(values: SecurityValues, name: string): boolean {
  return Object.entries(values).some(([one, value]) => one === name && value !== undefined && value !== '')
}
