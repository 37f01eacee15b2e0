import { readSecurity, SASL_MECHANISMS, SECURITY_PROTOCOLS, SECURITY_VARIABLES, SecurityRefused } from '@hookline/kafka'
import type { KafkaSecurity } from '@hookline/kafka'
import { Type } from 'typebox'
import type { Static } from 'typebox'

type Name = keyof typeof SECURITY_VARIABLES

/** Any text: what it must be beside the others, `securityProblems` says. */
function text(name: Name) {
  return Type.Optional(Type.String({ description: SECURITY_VARIABLES[name] }))
}

/** How every service comes to Kafka and who it is there. */
export const kafkaConfig = Type.Object({
  KAFKA_SECURITY_PROTOCOL: Type.Enum(SECURITY_PROTOCOLS, {
    default: 'PLAINTEXT',
    description: SECURITY_VARIABLES.KAFKA_SECURITY_PROTOCOL,
  }),
  KAFKA_SSL_CA_FILE: text('KAFKA_SSL_CA_FILE'),
  KAFKA_SSL_CERT_FILE: text('KAFKA_SSL_CERT_FILE'),
  KAFKA_SSL_KEY_FILE: text('KAFKA_SSL_KEY_FILE'),
  KAFKA_SASL_MECHANISM: Type.Optional(
    Type.Enum(SASL_MECHANISMS, { description: SECURITY_VARIABLES.KAFKA_SASL_MECHANISM }),
  ),
  KAFKA_SASL_USERNAME: text('KAFKA_SASL_USERNAME'),
  KAFKA_SASL_PASSWORD: text('KAFKA_SASL_PASSWORD'),
  KAFKA_SASL_PASSWORD_FILE: text('KAFKA_SASL_PASSWORD_FILE'),
  KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL: text('KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL'),
  KAFKA_SASL_OAUTHBEARER_CLIENT_ID: text('KAFKA_SASL_OAUTHBEARER_CLIENT_ID'),
  KAFKA_SASL_OAUTHBEARER_CLIENT_SECRET: text('KAFKA_SASL_OAUTHBEARER_CLIENT_SECRET'),
  KAFKA_SASL_OAUTHBEARER_CLIENT_SECRET_FILE: text('KAFKA_SASL_OAUTHBEARER_CLIENT_SECRET_FILE'),
  KAFKA_SASL_OAUTHBEARER_SCOPE: text('KAFKA_SASL_OAUTHBEARER_SCOPE'),
})

type SecurityConfig = Static<typeof kafkaConfig> & { readonly HOOKLINE_ENV: string }

/** Reads files again each time. Throws `SecurityRefused`. */
export function securityOf(config: SecurityConfig): KafkaSecurity {
  return readSecurity(config, { production: config.HOOKLINE_ENV === 'production' })
}

/** What is wrong with the variables together, and with the files that they name. */
export function securityProblems(config: SecurityConfig): readonly string[] {
  try {
    securityOf(config)
    return []
  } catch (error) {
    if (error instanceof SecurityRefused) return error.problems
    throw error
  }
}
