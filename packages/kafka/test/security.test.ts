import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { credentials } from '../src/credentials.ts'
import { readSecurity, SecurityRefused } from '../src/index.ts'
import type { SecurityValues } from '../src/index.ts'
import { authority, type Certificate, certificate } from './secure/certificates.ts'
import { notingLog } from './secure/secured.ts'

const SECRET = 'a-secret-that-shows-nowhere'
const dir = mkdtempSync(join(tmpdir(), 'hookline-security-'))
afterAll(() => rmSync(dir, { recursive: true }))

function file(name: string, text: string): string {
  const path = join(dir, name)
  writeFileSync(path, text)
  return path
}

function problemsOf(values: SecurityValues, production = false): readonly string[] {
  try {
    readSecurity(values, { production })
  } catch (error) {
    if (!(error instanceof SecurityRefused)) throw error
    return error.problems
  }
  return []
}

const PLAIN = {
  KAFKA_SECURITY_PROTOCOL: 'SASL_SSL',
  KAFKA_SASL_MECHANISM: 'PLAIN',
  KAFKA_SASL_USERNAME: 'ingress',
  KAFKA_SASL_PASSWORD: SECRET,
}
const OAUTH = {
  KAFKA_SECURITY_PROTOCOL: 'SASL_SSL',
  KAFKA_SASL_MECHANISM: 'OAUTHBEARER',
  KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL: 'https://idp.example/token',
  KAFKA_SASL_OAUTHBEARER_CLIENT_ID: 'ingress',
  KAFKA_SASL_OAUTHBEARER_CLIENT_SECRET: SECRET,
}

describe('of the variables', () => {
  it.each<[string, SecurityValues]>([
    ['none at all, on a developer machine', {}],
    ['empty ones, as compose files pass them on', { KAFKA_SECURITY_PROTOCOL: '', KAFKA_SASL_USERNAME: '' }],
    ['TLS by the CAs of Node.js', { KAFKA_SECURITY_PROTOCOL: 'SSL' }],
    ['a password', PLAIN],
    ['a password in a file', { ...PLAIN, KAFKA_SASL_PASSWORD: '', KAFKA_SASL_PASSWORD_FILE: file('good', SECRET) }],
    ['a token endpoint', OAUTH],
  ])('these make a connection: %s', (_what, values) => {
    expect(problemsOf(values)).toEqual([])
  })

  it.each<[string, SecurityValues, RegExp]>([
    [
      'an unknown protocol',
      { KAFKA_SECURITY_PROTOCOL: 'TLS' },
      /^KAFKA_SECURITY_PROTOCOL must be one of PLAINTEXT, SSL/,
    ],
    ['no mechanism', { KAFKA_SECURITY_PROTOCOL: 'SASL_SSL' }, /^KAFKA_SASL_MECHANISM is not set.*PLAIN, SCRAM/],
    ['an unknown mechanism', { ...PLAIN, KAFKA_SASL_MECHANISM: 'GSSAPI' }, /^KAFKA_SASL_MECHANISM is unknown.*OAUTH/],
    ['no user', { ...PLAIN, KAFKA_SASL_USERNAME: '' }, /^KAFKA_SASL_USERNAME is not set, and PLAIN needs it/],
    [
      'no password',
      { ...PLAIN, KAFKA_SASL_PASSWORD: '' },
      /^KAFKA_SASL_PASSWORD is not set.*or KAFKA_SASL_PASSWORD_FILE/,
    ],
    [
      'two passwords',
      { ...PLAIN, KAFKA_SASL_PASSWORD_FILE: 'x' },
      /^KAFKA_SASL_PASSWORD and KAFKA_SASL_PASSWORD_FILE are both set/,
    ],
    [
      'a login without effect',
      { ...PLAIN, KAFKA_SECURITY_PROTOCOL: 'SSL' },
      /^KAFKA_SASL_MECHANISM, .*without effect.*SASL_SSL/,
    ],
    [
      'a CA without effect',
      { KAFKA_SSL_CA_FILE: 'x' },
      /^KAFKA_SSL_CA_FILE: without effect with KAFKA_SECURITY_PROTOCOL=PLAINTEXT/,
    ],
    ['a certificate without key', { KAFKA_SECURITY_PROTOCOL: 'SSL', KAFKA_SSL_CERT_FILE: 'x' }, /go together/],
    ['no token endpoint', { ...OAUTH, KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL: '' }, /TOKEN_ENDPOINT_URL is not set/],
    [
      'a token endpoint that is none',
      { ...OAUTH, KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL: SECRET },
      /must be an https/,
    ],
    ['no client id', { ...OAUTH, KAFKA_SASL_OAUTHBEARER_CLIENT_ID: '' }, /CLIENT_ID is not set/],
    ['no client secret', { ...OAUTH, KAFKA_SASL_OAUTHBEARER_CLIENT_SECRET: '' }, /CLIENT_SECRET is not set.*_FILE/],
    ['a password beside a token', { ...OAUTH, KAFKA_SASL_PASSWORD: SECRET }, /^KAFKA_SASL_PASSWORD: unset them/],
    [
      'a token beside a password',
      { ...PLAIN, KAFKA_SASL_OAUTHBEARER_SCOPE: 'x' },
      /^KAFKA_SASL_OAUTHBEARER_SCOPE: unset them/,
    ],
  ])('is refused, with what to set: %s', (_what, values, sentence) => {
    const problems = problemsOf(values)
    expect(problems.some(problem => sentence.test(problem))).toBe(true)
    expect(problems.join(' ')).not.toContain(SECRET)
  })

  it.each<[string, SecurityValues, RegExp]>([
    [
      'PLAINTEXT',
      {},
      /^KAFKA_SECURITY_PROTOCOL is PLAINTEXT in production: set KAFKA_SECURITY_PROTOCOL=SSL or SASL_SSL/,
    ],
    [
      'SASL_PLAINTEXT',
      { ...PLAIN, KAFKA_SECURITY_PROTOCOL: 'SASL_PLAINTEXT' },
      /is SASL_PLAINTEXT in production: set KAFKA_SECURITY_PROTOCOL=SASL_SSL/,
    ],
    [
      'a token endpoint without TLS',
      { ...OAUTH, KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL: 'http://idp.example/' },
      /must be an https/,
    ],
  ])('production refuses %s', (_what, values, sentence) => {
    expect(problemsOf(values)).toEqual([])
    expect(problemsOf(values, true)).toEqual([expect.stringMatching(sentence)])
  })
})

describe('of the files', () => {
  let ca: Certificate
  let own: Certificate
  let other: Certificate
  let expired: Certificate
  beforeAll(async () => {
    ca = await authority('CA')
    own = await certificate('ingress', { ca })
    other = await certificate('ingress', { ca })
    expired = await certificate('ingress', { ca, expired: true })
  })
  const pair = (cert: string, key: string): SecurityValues => ({
    KAFKA_SECURITY_PROTOCOL: 'SSL',
    KAFKA_SSL_CA_FILE: file('ca', ca.cert),
    KAFKA_SSL_CERT_FILE: file('cert', cert),
    KAFKA_SSL_KEY_FILE: file('key', key),
  })

  it('a certificate with its key is given to the connection', () => {
    const { tls } = readSecurity(pair(own.cert, own.key), { production: true })
    expect(tls).toEqual({ ca: ca.cert.trimEnd(), cert: own.cert.trimEnd(), key: own.key.trimEnd() })
  })

  it.each<[string, () => SecurityValues, RegExp]>([
    [
      'an absent one',
      () => ({ KAFKA_SECURITY_PROTOCOL: 'SSL', KAFKA_SSL_CA_FILE: join(dir, 'no') }),
      /^the file of KAFKA_SSL_CA_FILE cannot be read \(ENOENT\)$/,
    ],
    [
      'an empty password',
      () => ({ ...PLAIN, KAFKA_SASL_PASSWORD: '', KAFKA_SASL_PASSWORD_FILE: file('empty', '\n') }),
      /^the file of KAFKA_SASL_PASSWORD_FILE is empty$/,
    ],
    [
      'a CA that is none',
      () => ({ KAFKA_SECURITY_PROTOCOL: 'SSL', KAFKA_SSL_CA_FILE: file('no-ca', SECRET) }),
      /^KAFKA_SSL_CA_FILE holds no certificate in PEM$/,
    ],
    [
      'a key of another certificate',
      () => pair(own.cert, other.key),
      /^the key in KAFKA_SSL_KEY_FILE is not that of the certificate/,
    ],
    ['a key that is none', () => pair(own.cert, SECRET), /^KAFKA_SSL_KEY_FILE holds no key/],
    [
      'an expired certificate',
      () => pair(expired.cert, expired.key),
      /^the certificate in KAFKA_SSL_CERT_FILE expired on/,
    ],
  ])('is refused: %s', (_what, values, sentence) => {
    const problems = problemsOf(values())
    expect(problems).toEqual([expect.stringMatching(sentence)])
    expect(problems.join(' ')).not.toContain(SECRET)
  })

  it('a password that has changed is what the next login is made with', () => {
    const path = file('password', 'one')
    const values = { ...PLAIN, KAFKA_SASL_PASSWORD: '', KAFKA_SASL_PASSWORD_FILE: path }
    const { sasl } = credentials(() => readSecurity(values, { production: true }), notingLog().log)()
    expect(sasl).toMatchObject({ mechanism: 'plain', username: 'ingress', password: 'one' })
    file('password', 'two\n')
    expect(sasl).toMatchObject({ password: 'two' })
  })

  it('what has changed is taken for the next connection, unless it is not as it must be', () => {
    const values = pair(own.cert, own.key)
    const { log, lines } = notingLog()
    const { ssl } = credentials(() => readSecurity(values, { production: true }), log)()
    file('key', other.key)
    expect(ssl).toMatchObject({ cert: own.cert.trimEnd(), key: own.key.trimEnd() })
    expect(lines).toEqual([[{ problems: [expect.stringContaining('KAFKA_SSL_KEY_FILE')] }, expect.any(String)]])
    file('cert', other.cert)
    expect(ssl).toMatchObject({ cert: other.cert.trimEnd(), key: other.key.trimEnd() })
  })
})
