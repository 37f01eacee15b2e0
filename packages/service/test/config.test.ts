import { fastify } from 'fastify'
import { Type } from 'typebox'
import { describe, expect, test } from 'vitest'
import { readConfig } from '../src/config.ts'
import { consumerConfig, consumerProblems } from '../src/consumer-config.ts'
import { StartRefused } from '../src/start-refused.ts'

const KAFKA = { KAFKA_BROKERS: 'kafka:9092', HOOKLINE_ENV: 'development' }
const CONSUMER = { ...KAFKA, MONGODB_URI: 'mongodb://user:very-secret-password@db' }

function read(env: Record<string, string>) {
  return readConfig(fastify(), { schema: Type.Object({ PORT: Type.Integer({ default: 8080 }) }), env })
}

function readConsumer(env: Record<string, string>) {
  return readConfig(fastify(), { schema: consumerConfig, problems: consumerProblems, env })
}

async function refusalOf(reading: Promise<unknown>): Promise<StartRefused> {
  try {
    await reading
  } catch (error) {
    if (error instanceof StartRefused) return error
    throw error
  }
  throw new Error('was not refused')
}

describe('the environment', () => {
  test('gives numbers as numbers, defaults where a variable is absent or empty, and nothing that was not asked for', async () => {
    const config = await read({ ...KAFKA, PORT: '9000', LOG_LEVEL: '', HOME: '/root' })
    expect(config).toMatchObject({ PORT: 9000, LOG_LEVEL: 'info', KAFKA_REPLICATION_MIN: 3 })
    expect(config).not.toHaveProperty('HOME')
  })

  test('is production unless it says otherwise', async () => {
    const config = await read({ KAFKA_BROKERS: 'kafka:9093', KAFKA_SECURITY_PROTOCOL: 'SSL' })
    expect(config.HOOKLINE_ENV).toBe('production')
  })

  test.each([
    ['a missing variable', {}, /^KAFKA_BROKERS is not set \(.*host:port/],
    ['a number that is none', { ...KAFKA, PORT: 'eighty' }, /^PORT must be integer/],
    ['a word outside the list', { ...KAFKA, LOG_LEVEL: 'loud' }, /^LOG_LEVEL .*debug, info, warn, error/],
    ['brokers that are only commas', { ...KAFKA, KAFKA_BROKERS: ' , ' }, /^KAFKA_BROKERS names no broker/],
    [
      'production with plaintext brokers',
      { KAFKA_BROKERS: 'kafka:9092' },
      /^KAFKA_SECURITY_PROTOCOL is PLAINTEXT in production: set KAFKA_SECURITY_PROTOCOL=SSL or SASL_SSL/,
    ],
    [
      'a login to Kafka without a password',
      { ...KAFKA, KAFKA_SECURITY_PROTOCOL: 'SASL_SSL', KAFKA_SASL_MECHANISM: 'PLAIN', KAFKA_SASL_USERNAME: 'ingress' },
      /^KAFKA_SASL_PASSWORD is not set, and PLAIN needs it: set it, or KAFKA_SASL_PASSWORD_FILE/,
    ],
    [
      'a mechanism that there is not',
      { ...KAFKA, KAFKA_SECURITY_PROTOCOL: 'SASL_SSL', KAFKA_SASL_MECHANISM: 'GSSAPI' },
      /^KAFKA_SASL_MECHANISM .*PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER/,
    ],
  ])('refuses %s, naming it and what to set', async (_what, env, sentence) => {
    const { problems } = await refusalOf(read(env))
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(sentence)
  })

  test('names every problem at once', async () => {
    const { problems } = await refusalOf(read({ PORT: 'x', LOG_LEVEL: 'y' }))
    expect(problems).toHaveLength(3)
  })
})

describe("a consumer's environment", () => {
  test('is accepted with its defaults', async () => {
    expect(await readConsumer(CONSUMER)).toMatchObject({ LEASE_MS: 30_000, BACKOFF_MAX_MS: 300_000 })
  })

  test('is refused when the inbox forgets before a delivery can no longer come back, naming the values', async () => {
    const { problems } = await refusalOf(readConsumer({ ...CONSUMER, INBOX_TTL_MS: '1814400000' }))
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(
      /INBOX_TTL_MS \(1814400000\).*TOPIC_RETENTION_MS \(604800000\).*DEAD_RETENTION_MS \(1209600000\)/,
    )
  })

  test('is refused when the first back-off is above the longest', async () => {
    const { problems } = await refusalOf(readConsumer({ ...CONSUMER, BACKOFF_MIN_MS: '9', BACKOFF_MAX_MS: '8' }))
    expect(problems[0]).toMatch(/^BACKOFF_MIN_MS \(9\) is above BACKOFF_MAX_MS \(8\)/)
  })

  test('never shows a value of MONGODB_URI', async () => {
    const refused = await refusalOf(readConsumer({ ...CONSUMER, MONGODB_URI: 'http://u:very-secret-password@db' }))
    expect(refused.message).toContain('MONGODB_URI')
    expect(refused.message).not.toContain('very-secret')
  })
})
