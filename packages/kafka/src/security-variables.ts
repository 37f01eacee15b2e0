/** Kafka's own names. */
export const SECURITY_PROTOCOLS = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'] as const
export const SASL_MECHANISMS = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER'] as const

export type SecurityProtocol = (typeof SECURITY_PROTOCOLS)[number]
export type SaslMechanism = (typeof SASL_MECHANISMS)[number]

/** What each variable of Kafka's security means: the same for every service and for the CLI. */
export const SECURITY_VARIABLES = {
  KAFKA_SECURITY_PROTOCOL: "Kafka's own names",
  KAFKA_SSL_CA_FILE: "PEM file with the CA that signed the brokers' certificates; default: the CAs that Node.js trusts",
  KAFKA_SSL_CERT_FILE: 'PEM file with the client certificate, for brokers that ask for one',
  KAFKA_SSL_KEY_FILE: 'PEM file with the key of the client certificate, without a passphrase',
  KAFKA_SASL_MECHANISM: "Kafka's own names",
  KAFKA_SASL_USERNAME: 'of PLAIN and SCRAM',
  KAFKA_SASL_PASSWORD: 'of PLAIN and SCRAM',
  KAFKA_SASL_PASSWORD_FILE: 'file with the password, read again when a connection is opened',
  KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL: 'where tokens are asked for, with client credentials',
  KAFKA_SASL_OAUTHBEARER_CLIENT_ID: 'of OAUTHBEARER',
  KAFKA_SASL_OAUTHBEARER_CLIENT_SECRET: 'of OAUTHBEARER',
  KAFKA_SASL_OAUTHBEARER_CLIENT_SECRET_FILE: 'file with the secret, read again when a token is asked for',
  KAFKA_SASL_OAUTHBEARER_SCOPE: 'asked for with the token',
} as const

export type SecurityVariable = keyof typeof SECURITY_VARIABLES

/** As the environment has them; one that is empty is not set. */
export type SecurityValues = { readonly [name in SecurityVariable]?: string | undefined }

export function isSecurityProtocol(text: string): text is SecurityProtocol {
  return SECURITY_PROTOCOLS.some(one => one === text)
}

export function isSaslMechanism(text: string): text is SaslMechanism {
  return SASL_MECHANISMS.some(one => one === text)
}
