import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { fieldOf, leakFinder } from '../src/leaks/find-leaks.ts'
import { judgeRecord } from '../src/leaks/judge-record.ts'
import { scanRecord } from '../src/leaks/scan-record.ts'
import { secretsIn } from '../src/leaks/secret-variables.ts'
import { RUNNER, testRecord } from '../src/leaks/test-record.ts'

const SECRET = 'a "quoted" secret/+=ä%'
const find = leakFinder([
  { label: 'POINTS_WEBHOOK_SECRET', value: SECRET },
  { label: 'KAFKA_SASL_PASSWORD', value: `${SECRET} of another` },
])
/** Made here, so that this file's own failures show none of them. */
const SIGNATURE = 'ab'.repeat(32)
const ADDRESS = ['layla', 'customer.test'].join('@')

describe('a secret is found, and named by its label', () => {
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  test.each([
    ['as it is', SECRET],
    ['in a JSON string', JSON.stringify({ a: SECRET })],
    ['in JSON in a JSON string', JSON.stringify({ a: JSON.stringify({ b: SECRET }) })],
    ['with characters by their number', JSON.stringify({ a: SECRET }).replaceAll('s', String.raw`\u0073`)],
    ['in a URL', `http://127.0.0.1/?a=${encodeURIComponent(SECRET)}`],
    ['in base64', `Basic ${base64(`user:${SECRET}`)}`],
    ['in base64 for URLs', Buffer.from(`ü${SECRET}`).toString('base64url')],
    ['in base64 in a JSON string', JSON.stringify({ a: base64(SECRET) })],
  ])('%s', (_how, line) => {
    expect(find(`before ${line} after`)).toEqual(['POINTS_WEBHOOK_SECRET'])
  })
})

describe('what needs no list is found by its looks', () => {
  test.each([
    ['a signature', { msg: `got ${SIGNATURE}` }],
    ['a signature', { msg: `v1,${Buffer.alloc(32, 'x').toString('base64')}` }],
    ['an address', { msg: `mail to <${ADDRESS}>` }],
    ['an address', { msg: encodeURIComponent(ADDRESS) }],
    ['an address', { msg: Buffer.from(`{"email":"${ADDRESS}"}`).toString('base64') }],
    ['a token', { msg: `Bearer ${['eyJhbGciOiJub25lIn0', 'eyJzdWIiOiJhIn0'].join('.')}.` }],
    ['a private key', { msg: ['-----BEGIN EC', 'PRIVATE KEY-----'].join(' ') }],
    ['bytes', { value: Buffer.from('{"order":1}') }],
  ])('%s', (what, line) => {
    expect(find(JSON.stringify(line))).toEqual([what])
  })
})

test.each([
  '{"level":"info","time":"2026-03-01T10:00:00.000Z","service":"wms","order":{"source":"points","order_id":"5c8bd9ab-9a0d-4d3c-8d3e-6d3d1fb9a001"}}',
  '    at run (file:///srv/node_modules/.pnpm/fastify@5.12.8/node_modules/fastify/fastify.js:10:5)',
  'npx -y pnpm@12 test',
  `    at run (/srv/node_modules/.pnpm/kafkajs@2.2.4_patch_hash=${SIGNATURE}/node_modules/kafkajs/index.js:1:1)`,
  'mongodb://127.0.0.1:27017/?replicaSet=rs0',
  `commit ${'0a'.repeat(20)}`,
])('an ordinary line shows nothing: %s', line => {
  expect(find(line)).toEqual([])
})

test('the field that shows it is named, as deep as it is', () => {
  const line = JSON.stringify({ msg: 'failed', err: { message: 'm', cause: { message: `to ${ADDRESS}` } } })
  expect(fieldOf(line, find)).toBe('err.cause.message')
  expect(fieldOf(`${ADDRESS} in no JSON`, find)).toBeUndefined()
})

test('the secrets of an environment are known by the names of its variables', () => {
  const env = {
    POINTS_WEBHOOK_SECRET: 'one',
    HC_WEBHOOK_SECRETS: '[{"id":"a","secret":"two"},{"id":"b","secret":"three"}]',
    ERP_AUTHORIZATION: 'Bearer four',
    KAFKA_SASL_OAUTHBEARER_CLIENT_SECRET: 'five',
    MONGODB_URI: 'mongodb://user:si%40x@host:27017/',
    KAFKA_SASL_PASSWORD_FILE: '/run/secrets/none',
    WEBHOOK_SECRETS_PATH: '/run/secrets/none',
    WEBHOOK_SECRETS_POLL_MS: '5000',
    PRODUCTION_SECRET_FINGERPRINTS: '0f3c',
    KAFKA_BROKERS: 'localhost:9092',
  }
  expect(secretsIn(Object.entries(env)).map(({ value }) => value)).toEqual([
    'one',
    'two',
    'three',
    'Bearer four',
    'five',
    'si@x',
  ])
})

describe('the record of a run', () => {
  async function recorded() {
    const dir = await mkdtemp(join(tmpdir(), 'hookline-record-'))
    onTestFinished(() => rm(dir, { recursive: true }))
    return { dir, record: testRecord(dir) }
  }

  test('a leak fails it, says where, and shows no secret', async () => {
    const { dir, record } = await recorded()
    record.secret('POINTS_WEBHOOK_SECRET', SECRET)
    record.output('wms')('{"msg":"fine"}\n{"msg":"a secret')
    record.output('ingress')(`{"msg":"fine"}\n${JSON.stringify({ headers: { x: SECRET } })}\n`)
    const scan = await scanRecord(dir)
    expect(scan.leaks).toEqual([expect.stringMatching(/-ingress, line 2, headers.x: POINTS_WEBHOOK_SECRET$/)])
    const verdict = judgeRecord(scan, true)
    expect(verdict.kind).toBe('failed')
    expect(JSON.stringify(verdict)).not.toContain('quoted')
  })

  test('without a leak it is one passed test', async () => {
    const { dir, record } = await recorded()
    record.secret('POINTS_WEBHOOK_SECRET', SECRET)
    record.output('wms')('{"msg":"fine"}\n')
    expect(judgeRecord(await scanRecord(dir), true).kind).toBe('clean')
  })

  test('a test may be named after what it looks for, and what it prints is searched', async () => {
    const { dir, record } = await recorded()
    record.output(RUNNER)(`   \u001b[33m\u001b[2m✓\u001b[22m refuses ${ADDRESS}\nprinted ${ADDRESS}\n`)
    expect((await scanRecord(dir)).leaks).toEqual([expect.stringMatching(/line 2: an address$/)])
  })

  test.each([
    ['nothing was written', true, false],
    ['no secret was listed', false, true],
  ])('where %s a whole run fails, and a part of one proves nothing', async (_what, secret, output) => {
    const { dir, record } = await recorded()
    if (secret) record.secret('POINTS_WEBHOOK_SECRET', SECRET)
    if (output) record.output('wms')('{"msg":"fine"}\n')
    record.output(RUNNER)('1 passed\n')
    const scan = await scanRecord(dir)
    expect(judgeRecord(scan, true).kind).toBe('failed')
    expect(judgeRecord(scan, false).kind).toBe('none')
  })
})
