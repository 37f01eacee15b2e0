import { Type } from 'typebox'
import type { Static } from 'typebox'
import { kafkaConfig, securityProblems } from './kafka-config.ts'

/** The variables that every service reads. */
export const sharedConfig = Type.Object({
  HOOKLINE_ENV: Type.Enum(['production', 'development'], {
    default: 'production',
    description: 'development lifts the refusals that protect production: example secrets, plaintext brokers',
  }),
  LOG_LEVEL: Type.Enum(['debug', 'info', 'warn', 'error'], { default: 'info' }),
  ADMIN_HOST: Type.String({ default: '127.0.0.1', description: 'address of /livez, /readyz and /metrics' }),
  ADMIN_PORT: Type.Integer({ default: 9400, minimum: 0, maximum: 65_535 }),
  CLOSE_GRACE_MS: Type.Integer({
    default: 25_000,
    minimum: 1_000,
    description: 'how long a closing process may finish what it has begun, in milliseconds',
  }),
  KAFKA_BROKERS: Type.String({ minLength: 1, description: 'host:port of some of the brokers, separated by commas' }),
  ...kafkaConfig.properties,
  KAFKA_REPLICATION_MIN: Type.Integer({
    default: 3,
    minimum: 1,
    description: 'the lowest replication of a topic that is relied on; min.insync.replicas may be one lower',
  }),
})

export type SharedConfig = Static<typeof sharedConfig>

/** What is wrong with these values together; empty when nothing is. */
export function sharedProblems(config: SharedConfig): string[] {
  const problems: string[] = []
  if (brokersOf(config).length === 0) {
    problems.push('KAFKA_BROKERS names no broker: set it to host:port, several separated by commas')
  }
  return [...problems, ...securityProblems(config)]
}

/** `host:port` each. */
export function brokersOf(config: Pick<SharedConfig, 'KAFKA_BROKERS'>): string[] {
  return config.KAFKA_BROKERS.split(',')
    .map(broker => broker.trim())
    .filter(broker => broker !== '')
}
