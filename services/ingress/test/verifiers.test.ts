import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hmacSignature } from '../src/verifiers/hmac-signature.ts'
import { sharedSecret } from '../src/verifiers/shared-secret.ts'
import type { Verifier } from '../src/verifiers/verifier.ts'
import { HC_SECRET, POINTS_SECRET, signatureOf } from './requests.ts'

const POINTS_HEADER = 'x-webhook-secret'
const HC_HEADER = 'x-webhook-signature'
const bySecret = sharedSecret({ header: POINTS_HEADER, secret: POINTS_SECRET })
const bySignature = hmacSignature({ header: HC_HEADER, secret: HC_SECRET })

const anyBody = fc.uint8Array({ maxLength: 2_000 }).map(bytes => Buffer.from(bytes))
/** Any bytes, as Node gives a header: as latin1. */
const anyText = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map(bytes => Buffer.from(bytes).toString('latin1')),
  fc.string(),
  fc.stringMatching(/^[0-9a-fA-F]{64}$/),
)
const anyHeaders = fc.array(fc.oneof(fc.constantFrom(POINTS_HEADER, HC_HEADER, 'X-Webhook-Secret'), anyText), {
  maxLength: 9,
})

describe('no bytes and no headers throw or pass by accident', () => {
  const verifiers: [string, Verifier, (text: string, body: Buffer) => boolean][] = [
    ['shared secret', bySecret, text => text === POINTS_SECRET],
    ['signature', bySignature, (text, body) => text === signatureOf(body)],
  ]

  test.each(verifiers)('%s: any list of headers', (_name, verify) => {
    fc.assert(
      fc.property(anyBody, anyHeaders, (body, rawHeaders) => {
        expect(verify({ body, rawHeaders })).not.toBe('verified')
      }),
    )
  })

  test.each(verifiers)('%s: any value of its header', (_name, verify, isRight) => {
    fc.assert(
      fc.property(anyBody, anyText, (body, text) => {
        const rawHeaders = [POINTS_HEADER, text, HC_HEADER, text]
        expect(verify({ body, rawHeaders }) === 'verified').toBe(isRight(text, body))
      }),
    )
  })

  test('signature: one changed bit of the body is a mismatch', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 500 }), fc.nat(), (bytes, at) => {
        const rawHeaders = [HC_HEADER, signatureOf(Buffer.from(bytes))]
        const body = Buffer.from(bytes)
        const index = at % body.length
        body[index] = (body[index] ?? 0) ^ 1
        expect(bySignature({ body, rawHeaders })).toBe('mismatch')
      }),
    )
  })
})

test('the right one passes for any body, whatever the case of its header and the headers around it', () => {
  fc.assert(
    fc.property(anyBody, anyText, (body, text) => {
      const rawHeaders = [
        'Accept',
        text,
        'X-Webhook-SECRET',
        POINTS_SECRET,
        'X-WEBHOOK-Signature',
        signatureOf(body),
        'host',
        text,
      ]
      expect(bySecret({ body, rawHeaders })).toBe('verified')
      expect(bySignature({ body, rawHeaders })).toBe('verified')
    }),
  )
})

test('a secret outside ASCII is compared by its UTF-8 bytes, as a sender sends them', () => {
  const verify = sharedSecret({ header: POINTS_HEADER, secret: 'سر-طويل-بما-يكفي' })
  const sent = Buffer.from('سر-طويل-بما-يكفي').toString('latin1')
  expect(verify({ body: Buffer.alloc(0), rawHeaders: [POINTS_HEADER, sent] })).toBe('verified')
})

describe('the verdict says what a person has to look for', () => {
  const body = Buffer.from('{}')
  const right = signatureOf(body)
  test.each([
    ['missing', []],
    ['missing', [HC_HEADER, '']],
    ['repeated', [HC_HEADER, right, 'X-Webhook-Signature', right]],
    ['malformed', [HC_HEADER, right.toUpperCase()]],
    ['mismatch', [HC_HEADER, signatureOf('')]],
  ])('%s', (verdict, rawHeaders) => {
    expect(bySignature({ body, rawHeaders })).toBe(verdict)
  })
})

test('an empty secret is refused: it would let everybody in', () => {
  expect(() => sharedSecret({ header: POINTS_HEADER, secret: '' })).toThrow(POINTS_HEADER)
  expect(() => hmacSignature({ header: HC_HEADER, secret: '' })).toThrow(HC_HEADER)
})
