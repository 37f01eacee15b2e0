import { decodeRecord } from '@hookline/contracts'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { judgeAgain } from '../src/quarantine/judge-again.ts'
import { judgingSources } from '../src/quarantine/judging-sources.ts'
import { readRejected } from '../src/quarantine/read-record.ts'
import { rejectedRecord, rejectedRequest } from '../src/quarantine/record.ts'
import type { RejectedRequest } from '../src/quarantine/record.ts'
import { releaseMark } from '../src/quarantine/release-mark.ts'
import type { Secret } from '../src/secrets/secret.ts'
import { declaredSources } from '../src/sources/declared-sources.ts'
import { hcBody, pointsBody } from './requests.ts'
import { NOW } from './running-app.ts'
import { schemes, secretOf, secretsOf, standardHeaders, TOLERANCE_MS } from './schemes.ts'
import { shop, shopBody } from './shop.ts'

const declared = [...declaredSources, shop]
const LATER = NOW + 3_600_000
const MAX_BYTES = 65_536
const bodies = { points: Buffer.from(pointsBody()), hc: Buffer.from(hcBody()), 'side-shop': shopBody() }
const senders = [
  { ...schemes[0], source: 'points' },
  { ...schemes[1], source: 'hc' },
  { ...schemes[2], source: 'side-shop' },
] as const

interface Sent {
  readonly body?: Buffer
  readonly rawHeaders?: readonly string[]
  readonly reason?: string
}

/** A request that failed verification, as it comes out of the topic again. */
function kept(sender: (typeof senders)[number], sent: Sent = {}): RejectedRequest {
  const { source, scheme } = sender
  const { body = bodies[source], reason = 'mismatch' } = sent
  const rawHeaders = sent.rawHeaders ?? sender.headersOf(body, secretOf(1))
  const evidence = scheme.evidenceOf({ body, rawHeaders, now: NOW })
  const facts = { source, reason, verified: false, requestId: 'r-1', receivedAt: NOW, headers: {}, body, evidence }
  const read = readRejected(rejectedRecord(rejectedRequest(facts, MAX_BYTES)))
  if (read.kind !== 'request') throw new Error(`it is ${read.kind}`)
  return read
}

function judge(rejected: RejectedRequest, secrets: readonly Secret[], { now = LATER } = {}) {
  const bySource = new Map(secrets.length === 0 ? [] : [[rejected.source, { secrets, rotatingUntil: -Infinity }]])
  return judgeAgain(rejected, { sources: judgingSources({ declared, secrets: bySource, values: {} }), now })
}

describe.each(senders)('$source', sender => {
  test('a request that was refused for a secret of one side only is releasable once both have it', () => {
    const rejected = kept(sender)
    expect(judge(rejected, secretsOf(2))).toEqual({ kind: 'not_verified', reason: 'mismatch' })
    const judged = judge(rejected, secretsOf(2, 1))
    if (judged.kind !== 'releasable') throw new Error(`it is ${judged.kind}`)
    expect(judged).toMatchObject({ topic: `${sender.source}.webhook`, secretId: 'id-1', orderId: judged.record.key })
    const event = decodeRecord(judged.record.value)
    expect(event.body).toBe(bodies[sender.source].toString())
    expect(event.received_at).toBe(new Date(NOW).toISOString())
    expect(event.headers).toEqual({
      'x-hookline-secret-id': 'id-1',
      'x-hookline-released-at': new Date(LATER).toISOString(),
    })
  })

  test('a proof never verifies another body or another secret', () => {
    const { body, headers, receivedAt, proofs } = kept(sender)
    const rings = [1, 2].map(seed => sender.scheme.keyring(secretsOf(seed)))
    const kinds = (bytes: Buffer) =>
      rings.map(ring => ring.verifyAgain({ body: bytes, headers, receivedAt, proofs }, LATER).kind)
    expect(kinds(body)).toEqual(['verified', 'failed'])
    fc.assert(
      fc.property(fc.nat({ max: body.length - 1 }), fc.nat({ max: 7 }), (at, bit) => {
        const other = Buffer.from(body)
        other[at] = (other[at] ?? 0) ^ (1 << bit)
        expect(kinds(other)).toEqual(['failed', 'failed'])
      }),
    )
  })

  test('no proofs and no headers throw or pass by accident', () => {
    const ring = sender.scheme.keyring(secretsOf(1, 2, 3))
    const anyProof = fc.oneof(fc.string(), fc.stringMatching(/^[0-9a-f]{64}$/))
    const names = fc.oneof(fc.constantFrom('webhook-id', 'webhook-timestamp'), fc.string())
    const headers = fc.dictionary(names, fc.oneof(fc.string(), fc.stringMatching(/^1772\d{6}$/)))
    fc.assert(
      fc.property(fc.uint8Array(), headers, fc.array(anyProof), fc.double(), (bytes, given, proofs, receivedAt) => {
        const request = { body: Buffer.from(bytes), headers: given, receivedAt, proofs }
        expect(ring.verifyAgain(request, LATER).kind).toBe('failed')
      }),
    )
  })

  test('what had no credential, or two of them, is never releasable', () => {
    const right = sender.headersOf(bodies[sender.source], secretOf(1))
    const credentialAt = right.length - 2
    for (const [reason, rawHeaders] of [
      ['missing', right.slice(0, credentialAt)],
      ['repeated', [...right, ...right.slice(credentialAt)]],
    ] as const) {
      const rejected = kept(sender, { rawHeaders, reason })
      expect(rejected.proofs).toEqual([])
      expect(judge(rejected, secretsOf(1))).toEqual({ kind: 'not_verified', reason })
    }
  })

  test('no credential is kept, nor a digest that the same credential has with another body', () => {
    const spaced = Buffer.concat([bodies[sender.source], Buffer.from(' ')])
    const rawHeaders = sender.headersOf(bodies[sender.source], secretOf(1))
    const [one, other] = [kept(sender, { rawHeaders }), kept(sender, { rawHeaders, body: spaced })]
    expect(one.proofs).toHaveLength(1)
    expect(one.proofs).not.toEqual(other.proofs)
    const credential = rawHeaders.at(-1) ?? ''
    for (const text of [credential, credential.replace('v1,', ''), secretOf(1)]) {
      expect(JSON.stringify(rejectedRecord(one).headers)).not.toContain(text)
    }
  })

  test('of a body that is cut no proof is kept, and it is not releasable', () => {
    const padding = JSON.stringify('x'.repeat(MAX_BYTES))
    const body = Buffer.from(bodies[sender.source].toString().replace('{', `{"padding":${padding},`))
    const rejected = kept(sender, { body })
    expect(rejected.body).toHaveLength(MAX_BYTES)
    expect(rejected).toMatchObject({ bodyBytes: body.length, proofs: [] })
    expect(judge(rejected, secretsOf(1))).toEqual({ kind: 'cut' })
  })

  describe('a secret counts that is valid now, or was when the request came', () => {
    const [secret] = secretsOf(1)
    const inWindow = (notBefore: number, notAfter: number) =>
      secret === undefined ? [] : [{ ...secret, notBefore, notAfter }]
    test.each([
      ['valid only when it came', inWindow(NOW, NOW + 1), 'releasable'],
      ['valid only now', inWindow(LATER, LATER + 1), 'releasable'],
      ['ended before it came', inWindow(0, NOW), 'not_verified'],
      ['not yet valid', inWindow(LATER + 1, Infinity), 'not_verified'],
      ['valid only in between', inWindow(NOW + 1, LATER), 'not_verified'],
    ])('%s: %#', (_name, secrets, kind) => {
      expect(judge(kept(sender), secrets).kind).toBe(kind)
    })
  })
})

describe('Standard Webhooks', () => {
  const [, , sender] = senders

  test('a stamp is judged by when the request came: it does not grow old in quarantine', () => {
    const stamped = (sentAt: number) =>
      kept(sender, { rawHeaders: standardHeaders(shopBody(), [secretOf(1)], { sentAt }) })
    const weekLater = { now: NOW + 7 * 86_400_000 }
    expect(judge(stamped(NOW), secretsOf(1), weekLater).kind).toBe('releasable')
    const old = judge(stamped(NOW - TOLERANCE_MS - 1_000), secretsOf(1), weekLater)
    expect(old).toEqual({ kind: 'not_verified', reason: 'too_old' })
  })

  test('of several signatures one that is right is enough', () => {
    const rawHeaders = standardHeaders(shopBody(), [secretOf(8), secretOf(1), secretOf(9)])
    const rejected = kept(sender, { rawHeaders })
    expect(rejected.proofs).toHaveLength(3)
    expect(judge(rejected, secretsOf(1)).kind).toBe('releasable')
    expect(judge(rejected, secretsOf(2)).kind).toBe('not_verified')
  })
})

describe('the path that every webhook takes', () => {
  const verified = (source: 'points' | 'hc', body: string): RejectedRequest =>
    rejectedRequest(
      {
        source,
        reason: 'invalid_time',
        verified: true,
        secretId: 'id-1',
        requestId: 'r-1',
        receivedAt: NOW,
        headers: { 'x-request-id': 'r-1', 'x-webhook-event': 'approved', 'x-hookline-released-at': 'mine' },
        body: Buffer.from(body),
      },
      1_048_576,
    )

  test('a time that lay ahead is releasable when it does not any more, without any secret', () => {
    const rejected = verified('points', pointsBody({ timestamp: '2026-03-01T10:30:00Z' }))
    expect(judge(rejected, [], { now: NOW }).kind).toBe('still_kept')
    const judged = judge(rejected, [])
    if (judged.kind !== 'releasable') throw new Error(`it is ${judged.kind}`)
    expect(decodeRecord(judged.record.value).headers).toEqual({
      'x-request-id': 'r-1',
      'x-webhook-event': 'approved',
      'x-hookline-secret-id': 'id-1',
      'x-hookline-released-at': new Date(LATER).toISOString(),
    })
  })

  test.each([
    ['names no order still', verified('hc', hcBody({ type: 'payment.refunded', data: { id: 're_1' } })), 'still_kept'],
    ['is no JSON', verified('points', '{'), 'refused'],
    ['names another event in its header', verified('points', pointsBody({ event: 'cancelled' })), 'refused'],
    ['is of a source that is gone', { ...verified('hc', hcBody()), source: 'gone' }, 'unknown_source'],
    ['is to be verified without a secret', kept(senders[0]), 'no_secret'],
  ])('what %s is not releasable', (_name, rejected, kind) => {
    expect(judge(rejected, []).kind).toBe(kind)
  })
})

describe('a record of the topic', () => {
  const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('true', '{}', '[]', '{"a":1}', 'null', '0'))
  const anyHeaders = fc.dictionary(
    fc.oneof(fc.constantFrom(...Object.keys(rejectedRecord(kept(senders[0])).headers), 'released_at'), fc.string()),
    fc.oneof(
      anyText,
      fc.uint8Array().map(bytes => Buffer.from(bytes)),
      fc.array(anyText),
      fc.constant(undefined),
    ),
  )

  test('never throws, whatever it is', () => {
    fc.assert(
      fc.property(fc.option(fc.uint8Array()), fc.option(anyHeaders, { nil: undefined }), (bytes, headers) => {
        const read = readRejected({ value: bytes === null ? null : Buffer.from(bytes), headers })
        expect(read.kind).toBe('unreadable')
      }),
    )
  })

  test('with one header that is missing or not usable is unreadable, and which one is said', () => {
    const { value, headers } = rejectedRecord(kept(senders[0]))
    for (const field of Object.keys(headers)) {
      expect(readRejected({ value, headers: { ...headers, [field]: '\u0007' } })).toEqual({ kind: 'unreadable', field })
    }
    for (const field of [
      'source',
      'reason',
      'verified',
      'request_id',
      'received_at',
      'body_bytes',
      'request_headers',
    ]) {
      expect(readRejected({ value, headers: { ...headers, [field]: undefined } })).toMatchObject({ field })
    }
  })

  test('says of a release when, where to and for which order, as bytes or as texts', () => {
    const release = { source: 'hc', requestId: 'r-1', releasedAt: LATER, topic: 'hc.webhook', orderId: 'ord_1' }
    const { key, value, headers } = releaseMark(release)
    const asBytes = Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)]))
    expect(key).toBe(rejectedRecord(kept(senders[0])).key)
    for (const one of [headers, asBytes]) {
      expect(readRejected({ value, headers: one })).toEqual({ kind: 'release', ...release })
    }
  })
})
