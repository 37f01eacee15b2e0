import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { unlimited } from '../src/secrets/secret.ts'
import { digestOf } from '../src/verifiers/evidence.ts'
import { scheme } from '../src/verifiers/scheme.ts'
import { HC_SECRET, POINTS_SECRET, signatureOf } from './requests.ts'
import { NOW } from './running-app.ts'
import { HC_HEADER, POINTS_HEADER, schemes, secretOf, secretsOf } from './schemes.ts'

const anyBody = fc.uint8Array({ maxLength: 2_000 }).map(bytes => Buffer.from(bytes))
const utf8Body = fc.string({ unit: 'binary', maxLength: 500 }).map(text => Buffer.from(text))
/** Any bytes, as Node gives a header: as latin1. */
const anyText = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map(bytes => Buffer.from(bytes).toString('latin1')),
  fc.string(),
  fc.stringMatching(/^[0-9a-fA-F]{64}$/),
  fc.stringMatching(/^v1,[A-Za-z0-9+/]{43}=$/),
  fc.stringMatching(/^1772\d{6}$/),
)
const NAMES = [POINTS_HEADER, HC_HEADER, 'X-Webhook-Secret', 'webhook-id', 'webhook-timestamp', 'webhook-signature']
const anyHeaders = fc.array(fc.oneof(fc.constantFrom(...NAMES), anyText), { maxLength: 12 })
const anyTime = fc.oneof(fc.constant(NOW), fc.integer(), fc.double())

describe.each(schemes)('$name', ({ scheme, headersOf }) => {
  const { verify } = scheme.keyring(secretsOf(1, 2, 3))
  const ask = (body: Buffer, rawHeaders: readonly string[], now = NOW) => verify({ body, rawHeaders, now })

  test('no bytes and no headers throw or pass by accident', () => {
    fc.assert(
      fc.property(anyBody, anyHeaders, anyTime, (body, rawHeaders, now) => {
        expect(ask(body, rawHeaders, now).kind).toBe('failed')
      }),
      { numRuns: 500 },
    )
  })

  test('no value in the place of one of its headers passes but the right one', () => {
    fc.assert(
      fc.property(utf8Body, fc.nat(), anyText, (body, at, text) => {
        const headers = [...headersOf(body, secretOf(2))]
        const index = (at % (headers.length / 2)) * 2 + 1
        const isRight = headers[index] === text
        headers[index] = text
        expect(ask(body, headers).kind).toBe(isRight ? 'verified' : 'failed')
      }),
      { numRuns: 500 },
    )
  })

  test('a header that comes twice never passes, though both are right', () => {
    const body = Buffer.from('{}')
    const headers = headersOf(body, secretOf(1))
    for (let at = 0; at < headers.length; at += 2) {
      const twice = [...headers, ...headers.slice(at, at + 2)]
      expect(ask(body, twice)).toEqual({ kind: 'failed', reason: 'repeated' })
      expect(ask(body, headers.toSpliced(at, 2))).toEqual({ kind: 'failed', reason: 'missing' })
      expect(ask(body, headers.with(at + 1, ''))).toEqual({ kind: 'failed', reason: 'missing' })
    }
  })

  test('each secret passes under its id, for any body, whatever the headers around it', () => {
    const around = fc.array(fc.tuple(fc.stringMatching(/^x-other-[a-z]{1,9}$/), anyText))
    fc.assert(
      fc.property(utf8Body, around, fc.integer({ min: 1, max: 3 }), fc.boolean(), (body, other, seed, upper) => {
        const own = headersOf(body, secretOf(seed)).map((one, at) => (upper && at % 2 === 0 ? one.toUpperCase() : one))
        expect(ask(body, [...other.flat(), ...own])).toEqual({ kind: 'verified', secretId: `id-${seed}` })
      }),
    )
  })

  test('the secret of nobody here is a mismatch', () => {
    const body = Buffer.from('{}')
    expect(ask(body, headersOf(body, secretOf(4)))).toEqual({ kind: 'failed', reason: 'mismatch' })
  })

  describe('a secret counts in its window only', () => {
    const SECOND = 1_000
    const windowed = secretsOf(1).map(secret => ({ ...secret, notBefore: NOW, notAfter: NOW + SECOND }))
    const ring = scheme.keyring([...windowed, ...secretsOf(2)])
    const body = Buffer.from('{}')
    test.each([
      [-1, { kind: 'failed', reason: 'not_yet_valid', secretId: 'id-1' }],
      [0, { kind: 'verified', secretId: 'id-1' }],
      [SECOND - 1, { kind: 'verified', secretId: 'id-1' }],
      [SECOND, { kind: 'failed', reason: 'expired', secretId: 'id-1' }],
    ])('%s ms after its start', (afterMs, verdict) => {
      expect(ring.verify({ body, rawHeaders: headersOf(body, secretOf(1)), now: NOW + afterMs })).toEqual(verdict)
      expect(ring.verify({ body, rawHeaders: headersOf(body, secretOf(2)), now: NOW + afterMs }).kind).toBe('verified')
    })
  })

  test('secrets are replaced at once, and all at once', () => {
    const ring = scheme.keyring(secretsOf(1, 2))
    const body = Buffer.from('{}')
    const kindOf = (seed: number) => ring.verify({ body, rawHeaders: headersOf(body, secretOf(seed)), now: NOW }).kind
    expect([1, 2, 3].map(kindOf)).toEqual(['verified', 'verified', 'failed'])
    ring.replace(secretsOf(2, 3))
    expect([1, 2, 3].map(kindOf)).toEqual(['failed', 'verified', 'verified'])
    expect(() => ring.replace([])).toThrow('there is no secret')
    expect([1, 2, 3].map(kindOf)).toEqual(['failed', 'verified', 'verified'])
  })

  test('no secret, or an empty one, is refused: it would let nobody or everybody in', () => {
    expect(() => scheme.keyring([])).toThrow('there is no secret')
    expect(() => scheme.keyring([unlimited('a', '', 'the secret')])).toThrow('the secret is empty')
  })
})

test('every secret is compared with every request, wherever the one that matches stands', () => {
  const compared: string[] = []
  const { verify } = scheme({
    credentials: [],
    keyOf: secret => secret,
    credentialsIn: ([text = '']) => [Buffer.from(text)],
    signedIn: request => request,
    expectedDigest: key => (compared.push(key), digestOf(Buffer.from(key))),
  }).keyring(secretsOf(1, 2, 3))
  for (const seed of [1, 2, 3, 4]) {
    compared.length = 0
    const { kind } = verify({ body: Buffer.alloc(0), rawHeaders: [secretOf(seed)], now: NOW })
    expect([kind, compared]).toEqual([seed === 4 ? 'failed' : 'verified', [1, 2, 3].map(secretOf)])
  }
})

const [shared, hmac] = schemes

test('a secret outside ASCII is compared by its UTF-8 bytes, as a sender sends them', () => {
  const { verify } = shared.scheme.keyring([unlimited('env', 'سر-طويل-بما-يكفي', 'it')])
  const sent = Buffer.from('سر-طويل-بما-يكفي').toString('latin1')
  expect(verify({ body: Buffer.alloc(0), rawHeaders: [POINTS_HEADER, sent], now: NOW }).kind).toBe('verified')
})

test('the senders of today verify with their secrets as they are', () => {
  const body = Buffer.from('{}')
  const points = shared.scheme.keyring([unlimited('env', POINTS_SECRET, 'it')])
  const hc = hmac.scheme.keyring([unlimited('env', HC_SECRET, 'it')])
  const verdict = { kind: 'verified', secretId: 'env' }
  expect(points.verify({ body, rawHeaders: [POINTS_HEADER, POINTS_SECRET], now: NOW })).toEqual(verdict)
  expect(hc.verify({ body, rawHeaders: [HC_HEADER, signatureOf(body)], now: NOW })).toEqual(verdict)
  const upper = [HC_HEADER, signatureOf(body).toUpperCase()]
  expect(hc.verify({ body, rawHeaders: upper, now: NOW })).toEqual({ kind: 'failed', reason: 'malformed' })
})

test.each(schemes.filter(({ coversBody }) => coversBody))(
  '$name: one changed bit of the body is refused',
  ({ scheme, headersOf }) => {
    const { verify } = scheme.keyring(secretsOf(1))
    fc.assert(
      fc.property(utf8Body, fc.nat(), fc.nat({ max: 7 }), (bytes, at, bit) => {
        fc.pre(bytes.length > 0)
        const body = Buffer.from(bytes)
        const index = at % body.length
        body[index] = (body[index] ?? 0) ^ (1 << bit)
        expect(verify({ body, rawHeaders: headersOf(bytes, secretOf(1)), now: NOW }).kind).toBe('failed')
      }),
    )
  },
)
