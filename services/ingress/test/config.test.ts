import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { describe, expect, test } from 'vitest'
import { configProblems } from '../src/config.ts'
import type { IngressConfig } from '../src/config.ts'
import { fingerprint } from '../src/secrets/fingerprint.ts'
import { HC_SECRET, POINTS_SECRET } from './requests.ts'
import { NOW, opened } from './running-app.ts'
import { secretOf } from './schemes.ts'

const FIXED: IngressConfig = {
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
  DRAIN_MS: 0,
  WEBHOOK_SECRETS_POLL_MS: 5_000,
  TLS_POLL_MS: 5_000,
  MAX_CONNECTIONS: 100,
  MAX_IN_FLIGHT: 10,
  MAX_IN_FLIGHT_BYTES: 2_097_152,
  QUARANTINE_MAX_RECORDS: 10_000,
  QUARANTINE_MAX_BYTES: 67_108_864,
}
const CONFIG: IngressConfig = { ...FIXED, POINTS_WEBHOOK_SECRET: POINTS_SECRET, HC_WEBHOOK_SECRET: HC_SECRET }

function several(...secrets: readonly string[]): string {
  return JSON.stringify(secrets.map((secret, n) => ({ id: `s${n}`, secret })))
}

test('real secrets are accepted in production', () => {
  expect(configProblems(CONFIG)).toEqual([])
  expect(configProblems({ ...FIXED, HC_WEBHOOK_SECRETS: several(secretOf(1), secretOf(2)) })).toEqual([])
})

test('a drain that leaves a request no time to be answered is refused, with what to set', () => {
  expect(configProblems({ ...CONFIG, DRAIN_MS: 10_000 })).toEqual([])
  expect(configProblems({ ...CONFIG, DRAIN_MS: 12_000 })).toEqual([
    'CLOSE_GRACE_MS is 25000: with DRAIN_MS=12000 set it above 26000',
  ])
})

const WEAK: [string, string, RegExp][] = [
  ['is shorter than 24 bytes', 'short-4f9a2c71d0e8', /has 18 bytes, fewer than 24/],
  ['is short but for whsec_', 'whsec_4f9a2c71d0e84b6f9c3', /fewer than 24/],
  ['stands in an example file', 'example-points-secret-do-not-use', /example file/],
  ['asks to be changed', 'please-change-me-please-change-me', /example file/],
  ['repeats itself', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', /fewer than 8 different characters/],
]

describe('in production a secret is refused, and named without being shown, when it', () => {
  test.each(WEAK)('%s', (_name, secret, sentence) => {
    const problems = configProblems({ ...CONFIG, POINTS_WEBHOOK_SECRET: secret })
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(/^POINTS_WEBHOOK_SECRET .*: set it to/)
    expect(problems[0]).toMatch(sentence)
    expect(problems[0]).not.toContain(secret)
    expect(configProblems({ ...CONFIG, HOOKLINE_ENV: 'development', POINTS_WEBHOOK_SECRET: secret })).toEqual([])
  })

  test.each(WEAK)('%s, as one of several', (_name, secret, sentence) => {
    const problems = configProblems({ ...FIXED, POINTS_WEBHOOK_SECRETS: several(secretOf(1), secret) })
    expect(problems).toEqual([expect.stringMatching(/^secret s1 of points .*: set it to/)])
    expect(problems[0]).toMatch(sentence)
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
  expect(configProblems({ ...FIXED, HOOKLINE_ENV: 'development' })).toEqual([
    'no source has a secret: set POINTS_WEBHOOK_SECRET or HC_WEBHOOK_SECRET, or WEBHOOK_SECRETS_PATH',
  ])
  expect(configProblems({ ...FIXED, WEBHOOK_SECRETS_PATH: '/anywhere' })).toEqual([])
})

describe("a secret of production's is refused elsewhere by its fingerprint", () => {
  const PRODUCTION_SECRET_FINGERPRINTS = `${fingerprint(secretOf(7))}, ${fingerprint(POINTS_SECRET)}`
  test.each(['development', 'production'] as const)('with HOOKLINE_ENV=%s', HOOKLINE_ENV => {
    const problems = configProblems({ ...CONFIG, HOOKLINE_ENV, PRODUCTION_SECRET_FINGERPRINTS })
    expect(problems).toEqual([expect.stringMatching(/^POINTS_WEBHOOK_SECRET is one of production's/)])
    expect(problems[0]).toContain(fingerprint(POINTS_SECRET))
    expect(problems[0]).not.toContain(POINTS_SECRET)
  })

  test('also where it is one of several', () => {
    const config = { ...FIXED, HC_WEBHOOK_SECRETS: several(secretOf(1), secretOf(7)), PRODUCTION_SECRET_FINGERPRINTS }
    expect(configProblems(config)).toEqual([expect.stringMatching(/^secret s1 of hc is one of production's/)])
  })

  test('and a secret in the place of a fingerprint is not shown', () => {
    const problems = configProblems({ ...CONFIG, PRODUCTION_SECRET_FINGERPRINTS: `${secretOf(7)},0123456789abcdef` })
    expect(problems).toEqual([expect.stringMatching(/^PRODUCTION_SECRET_FINGERPRINTS has 1 that are none/)])
    expect(problems[0]).not.toContain(secretOf(7))
  })
})

test('a fingerprint is 16 hex characters, the same wherever and whenever it is made', () => {
  expect(fingerprint('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')).toBe('8c0c2eb3a1a4698e')
})

describe('several secrets of a source', () => {
  const over = (POINTS_WEBHOOK_SECRETS: string, more: Partial<IngressConfig> = {}) =>
    configProblems({ ...FIXED, POINTS_WEBHOOK_SECRETS, ...more }, NOW)
  const entry = { id: 'a', secret: secretOf(1) }

  test.each<[string, string, RegExp]>([
    ['is not JSON', secretOf(1), /^POINTS_WEBHOOK_SECRETS is not a JSON list with a secret in it$/],
    ['is empty', '[]', /^POINTS_WEBHOOK_SECRETS is not a JSON list/],
    ['has no id', JSON.stringify([{ secret: secretOf(1) }]), /^POINTS_WEBHOOK_SECRETS\[0\] has no id/],
    ['has an id twice', JSON.stringify([entry, { ...entry, secret: secretOf(2) }]), /^points has two secrets with the/],
    [
      'has a secret twice',
      several(secretOf(1), secretOf(1)),
      /^secret s1 of points is the same as secret s0 of points$/,
    ],
    ['has too many', several(...[1, 2, 3, 4, 5, 6].map(secretOf)), /^points has 6 secrets, more than 5$/],
    [
      'has none that is valid',
      JSON.stringify([
        { ...entry, not_after: '2026-03-01T10:00:01Z' },
        { id: 'b', secret: secretOf(2), not_before: '2026-03-01T10:00:02Z' },
      ]),
      /^no secret of points is valid now$/,
    ],
  ])('a list that %s is refused', (_name, list, sentence) => {
    const problems = over(list)
    expect(problems).toEqual([expect.stringMatching(sentence)])
    expect(problems.join()).not.toContain(secretOf(1))
  })

  test('beside the single one are refused: which of them counts would be a guess', () => {
    expect(over(several(secretOf(1)), { POINTS_WEBHOOK_SECRET: POINTS_SECRET })).toEqual([
      expect.stringMatching(/^POINTS_WEBHOOK_SECRET and POINTS_WEBHOOK_SECRETS are both set/),
    ])
  })
})

describe('a rotation window in the environment', () => {
  const over = (POINTS_ROTATING_UNTIL: string, more: Partial<IngressConfig> = {}) =>
    configProblems({ ...CONFIG, POINTS_ROTATING_UNTIL, ...more }, NOW)

  test('stands beside the secrets that stand there, and may be over', () => {
    expect(over('2026-03-02T10:05:01Z')).toEqual([])
    expect(over('2026-02-01T10:00:00Z')).toEqual([])
    const { POINTS_WEBHOOK_SECRET: _, ...without } = CONFIG
    const list = { ...without, POINTS_WEBHOOK_SECRETS: several(secretOf(1)) }
    expect(configProblems({ ...list, POINTS_ROTATING_UNTIL: '2026-03-01T11:00:00Z' }, NOW)).toEqual([])
  })

  test('is refused where it is no time, too far ahead, or without secrets', () => {
    expect(over('tomorrow')).toEqual(['POINTS_ROTATING_UNTIL is not as 2026-01-31T10:00:00Z'])
    expect(over('2026-03-02T10:05:02Z')).toEqual(['the rotation window of points ends more than 24 h ahead'])
    const { POINTS_WEBHOOK_SECRET: _, ...without } = CONFIG
    expect(configProblems({ ...without, POINTS_ROTATING_UNTIL: '2026-03-01T11:00:00Z' }, NOW)).toEqual([
      expect.stringMatching(/^POINTS_ROTATING_UNTIL is set without POINTS_WEBHOOK_SECRET or /),
    ])
  })
})

test('a source without a secret has no route', () => {
  expect(opened({ HC_WEBHOOK_SECRET: HC_SECRET }).map(source => source.path)).toEqual(['/webhooks/hc'])
})

describe('half of TLS is refused:', () => {
  test.each<[string, Partial<IngressConfig>, RegExp]>([
    ['a certificate without its key', { TLS_CERT_PATH: '/a' }, /^TLS_CERT_PATH and TLS_KEY_PATH: set both/],
    ['a key without its certificate', { TLS_KEY_PATH: '/a' }, /^TLS_CERT_PATH and TLS_KEY_PATH: set both/],
    ["clients' CAs alone", { TLS_CLIENT_CA_PATH: '/a' }, /^TLS_CLIENT_CA_PATH needs TLS_CERT_PATH and TLS_KEY_PATH/],
  ])('%s', (_what, over, sentence) => {
    expect(configProblems({ ...CONFIG, ...over })).toEqual([expect.stringMatching(sentence)])
  })
})

test('proxies that cannot be trusted are refused at the start', () => {
  expect(configProblems({ ...CONFIG, TRUSTED_PROXIES: '10.0.0.0/8,0.0.0.0/0' })).toEqual([
    expect.stringMatching(/^TRUSTED_PROXIES: 0\.0\.0\.0\/0 trusts strangers/),
  ])
})
