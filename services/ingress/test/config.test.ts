import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { describe, expect, test } from 'vitest'
import { configProblems } from '../src/config.ts'
import type { IngressConfig } from '../src/config.ts'
import { sourcesOf } from '../src/source.ts'
import { HC_SECRET, POINTS_SECRET } from './requests.ts'

const CONFIG: IngressConfig = {
  HOOKLINE_ENV: 'production',
  LOG_LEVEL: 'info',
  ADMIN_HOST: '127.0.0.1',
  ADMIN_PORT: 0,
  CLOSE_GRACE_MS: 25_000,
  KAFKA_BROKERS: 'kafka:9092',
  KAFKA_SECURITY_PROTOCOL: 'SSL',
  KAFKA_REPLICATION_MIN: 3,
  HOST: '127.0.0.1',
  PORT: 0,
  MAX_IN_FLIGHT: 10,
  MAX_IN_FLIGHT_BYTES: 1_048_576,
  POINTS_WEBHOOK_SECRET: POINTS_SECRET,
  HC_WEBHOOK_SECRET: HC_SECRET,
}

test('real secrets are accepted in production', () => {
  expect(configProblems(CONFIG)).toEqual([])
})

describe('in production a secret is refused, and named without being shown, when it', () => {
  test.each([
    ['is shorter than 24 bytes', 'short-4f9a2c71d0e8', /has 18 bytes, fewer than 24/],
    ['is short but for whsec_', 'whsec_4f9a2c71d0e84b6f9c3', /fewer than 24/],
    ['stands in an example file', 'example-points-secret-do-not-use', /example file/],
    ['asks to be changed', 'please-change-me-please-change-me', /example file/],
    ['is one character repeated', 'a'.repeat(40), /fewer than 8 different/],
  ])('%s', (_what, secret, sentence) => {
    const problems = configProblems({ ...CONFIG, POINTS_WEBHOOK_SECRET: secret })
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(/^POINTS_WEBHOOK_SECRET .*: set it to/)
    expect(problems[0]).toMatch(sentence)
    expect(problems[0]).not.toContain(secret)
    expect(configProblems({ ...CONFIG, HOOKLINE_ENV: 'development', POINTS_WEBHOOK_SECRET: secret })).toEqual([])
  })
})

test('no secret of .env.example can be used in production', () => {
  const example = parseEnv(readFileSync(new URL('../../../.env.example', import.meta.url), 'utf8'))
  const { POINTS_WEBHOOK_SECRET = '', HC_WEBHOOK_SECRET = '' } = example
  expect(configProblems({ ...CONFIG, POINTS_WEBHOOK_SECRET, HC_WEBHOOK_SECRET })).toEqual([
    expect.stringMatching(/^POINTS_WEBHOOK_SECRET is one of an example file/),
    expect.stringMatching(/^HC_WEBHOOK_SECRET is one of an example file/),
  ])
})

test('without any secret there is nothing to start', () => {
  const { POINTS_WEBHOOK_SECRET: _points, HC_WEBHOOK_SECRET: _hc, ...rest } = CONFIG
  expect(configProblems({ ...rest, HOOKLINE_ENV: 'development' })).toEqual([
    'no source has a secret: set POINTS_WEBHOOK_SECRET or HC_WEBHOOK_SECRET',
  ])
})

test('a source without a secret has no route', () => {
  expect(sourcesOf({ HC_WEBHOOK_SECRET: HC_SECRET }).map(source => source.path)).toEqual(['/webhooks/hc'])
})
