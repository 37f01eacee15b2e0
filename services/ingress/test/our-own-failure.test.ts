import { KafkaUnavailable, PublisherClosed, PublisherFull, PublishTimeout, RecordTooLarge } from '@hookline/kafka'
import { describe, expect, test } from 'vitest'
import type { Source } from '../src/sources/source.ts'
import { hc, hcBody, points, pointsBody } from './requests.ts'
import { runningApp } from './running-app.ts'

const MARKER = 'MARKER-in-an-error'

const failures: [string, () => Error, string, string][] = [
  [
    'Kafka is down',
    () => new KafkaUnavailable('x', { cause: Object.assign(new Error('y'), { record: MARKER }) }),
    'unavailable',
    '5',
  ],
  ['Kafka does not answer in time', () => new PublishTimeout('x'), 'unavailable', '5'],
  ['the publisher closes', () => new PublisherClosed('x'), 'unavailable', '5'],
  ['a record does not fit the topic', () => new RecordTooLarge('x'), 'internal', '5'],
  ['nobody thought of this', () => new TypeError('x is not a function'), 'unavailable', '5'],
  ['too many records wait already', () => new PublisherFull('x'), 'overloaded', '1'],
]

describe.each(failures)('503 with Retry-After, never a 4xx, when %s', (_name, error, code, retryAfter) => {
  test.each([
    ['an event', points()],
    ['a refund that names no order', hc({ body: hcBody({ type: 'payment.refunded', data: { id: 're_1' } }) })],
    ['an impossible time', points({ body: pointsBody({ timestamp: '2026-02-30T10:00:00Z' }) })],
  ])('%s', async (_what, bytes) => {
    const ingress = await runningApp(() => Promise.reject(error()))
    const answer = await ingress.ask(bytes)
    expect(answer).toMatchObject({ statusCode: 503, headers: { 'retry-after': retryAfter } })
    expect(JSON.parse(answer?.body ?? '')).toMatchObject({ statusCode: 503, code, error: 'Service Unavailable' })
    expect(ingress.log()).not.toContain(MARKER)
    await ingress.app.close()
  })
})

test('a wrong secret is 401 all the same while Kafka is down', async () => {
  const ingress = await runningApp(() => Promise.reject(new KafkaUnavailable('x')))
  const answer = await ingress.ask(points({ headers: { 'x-webhook-secret': 'wrong' } }))
  expect(answer?.statusCode).toBe(401)
  await ingress.app.close()
})

test('a fault in our own code is 503 too, without its message in the answer', async () => {
  const faulty: Source = {
    path: '/webhooks/points',
    catalogue: { source: 'points', topic: 't', secretHeader: 'x' } as unknown as Source['catalogue'],
    verify: () => ({ kind: 'verified', secretId: 'env' }),
    evidenceOf: () => ({ proofs: [], headers: {} }),
    limits: { maxBodyBytes: 1_048_576 },
  }
  const ingress = await runningApp(async () => undefined, { sources: [faulty] })
  const answer = await ingress.ask(points())
  expect(answer).toMatchObject({ statusCode: 503, headers: { 'retry-after': '5' } })
  expect(JSON.parse(answer?.body ?? '')).toMatchObject({ code: 'internal' })
  expect(answer?.body).not.toContain('undefined')
  await ingress.app.close()
})
