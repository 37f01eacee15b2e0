import { describe, expect, test } from 'vitest'
import { unlimited } from '../src/secrets/secret.ts'
import { standardWebhooks } from '../src/verifiers/standard-webhooks.ts'
import { NOW } from './running-app.ts'
import { secretOf, secretsOf, standardHeaders, TOLERANCE_MS } from './schemes.ts'

const scheme = standardWebhooks({ toleranceMs: TOLERANCE_MS })
const { verify } = scheme.keyring(secretsOf(1))
const body = Buffer.from('{"id":"evt_1"}')
const ask = (rawHeaders: readonly string[], bytes = body) => verify({ body: bytes, rawHeaders, now: NOW })
const failed = (reason: string) => ({ kind: 'failed', reason })
const verified = { kind: 'verified', secretId: 'id-1' }

test("the specification's own example verifies: 1 message, base64 key, v1 signature", () => {
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
  const ring = scheme.keyring([unlimited('id-1', secret, 'it')])
  const sent = {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  }
  const rawHeaders = Object.entries(sent).flat()
  const message = Buffer.from('{"test": 2432232314}')
  expect(ring.verify({ body: message, rawHeaders, now: 1_614_265_330_000 })).toEqual(verified)
})

describe('the stamp of a delivery is within the tolerance, either way', () => {
  test.each([
    [0, verified],
    [-TOLERANCE_MS, verified],
    [TOLERANCE_MS, verified],
    [-TOLERANCE_MS - 1_000, failed('too_old')],
    [TOLERANCE_MS + 1_000, failed('too_new')],
  ])('%s ms from our clock', (fromNowMs, verdict) => {
    expect(ask(standardHeaders(body, [secretOf(1)], { sentAt: NOW + fromNowMs }))).toEqual(verdict)
  })
})

test('a sender that rotates signs with both secrets, and either is enough', () => {
  expect(ask(standardHeaders(body, [secretOf(9), secretOf(1)]))).toEqual(verified)
  expect(ask(standardHeaders(body, [secretOf(1), secretOf(9)]))).toEqual(verified)
  expect(ask(standardHeaders(body, [secretOf(8), secretOf(9)]))).toEqual(failed('mismatch'))
})

describe('what the library alone would take is refused', () => {
  const headers = standardHeaders(body, [secretOf(1)])
  const seconds = headers[3] ?? ''
  const signature = headers[5] ?? ''
  test.each([
    ['a stamp with a tail', headers.with(3, `${seconds}x`)],
    ['a stamp with spaces', headers.with(3, ` ${seconds}`)],
    ['a stamp with a fraction', headers.with(3, `${seconds}.5`)],
    ['a stamp in an exponent', headers.with(3, '1e9')],
    ['an id with a full stop', standardHeaders(body, [secretOf(1)], { id: 'msg_1.2' })],
    ['a signature without its version', headers.with(5, signature.slice('v1,'.length))],
    ['a signature of another version', headers.with(5, signature.replace('v1,', 'v1a,'))],
    ['a signature with a third part', headers.with(5, `${signature},x`)],
    ['more signatures than secrets may be', headers.with(5, Array(9).fill(signature).join(' '))],
  ])('%s', (_name, rawHeaders) => {
    expect(ask(rawHeaders)).toEqual(failed('malformed'))
  })

  test('broken UTF-8, of which different bytes have one signature', () => {
    const broken = Buffer.from([0x22, 0xff, 0x22])
    const other = Buffer.from([0x22, 0xfe, 0x22])
    expect(standardHeaders(broken, [secretOf(1)])).toEqual(standardHeaders(other, [secretOf(1)]))
    expect(ask(standardHeaders(broken, [secretOf(1)]), broken)).toEqual(failed('malformed'))
  })
})

describe('a secret of Standard Webhooks is whsec_ and base64 of at least 24 bytes', () => {
  test.each([
    [`whsec_${Buffer.alloc(23).toString('base64')}`, /decodes to 23 bytes, fewer than 24/],
    ['whsec_not-base64-at-all-not-base64-at-all', /is not whsec_ and base64/],
    [`${secretOf(1)}\n`, /is not whsec_ and base64/],
    ['', /fewer than 24/],
  ])('%j is none', (secret, sentence) => {
    expect(scheme.secretProblem(secret)).toMatch(sentence)
  })

  test.each([[secretOf(1)], [secretOf(1).slice('whsec_'.length)]])('%s is one, and can be used', secret => {
    expect(scheme.secretProblem(secret)).toBeUndefined()
    expect(() => scheme.keyring([unlimited('a', secret, 'it')])).not.toThrow()
  })
})
