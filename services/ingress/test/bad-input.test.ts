import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { bodyOf, content, credentials, framing, identity, json, methodAndPath, time } from './bad-input.ts'
import type { BadInput } from './bad-input.ts'
import { hc, HC_SECRET, hcBody, points, POINTS_SECRET, pointsBody, signatureOf } from './requests.ts'
import { runningApp } from './running-app.ts'

const published: { topic: string; value: Buffer; headers: Readonly<Record<string, string>> }[] = []
let ingress: Awaited<ReturnType<typeof runningApp>>

beforeAll(async () => {
  ingress = await runningApp(async (topic, { value, headers }) => published.push({ topic, value, headers }))
})
beforeEach(() => {
  published.length = 0
})
afterAll(() => ingress.app.close())

const groups: [string, BadInput[]][] = [
  ['method and path', methodAndPath],
  ['framing', framing],
  ['content', content],
  ['JSON', json],
  ['identity', identity],
  ['time', time],
  ['credentials', credentials],
]

describe.each(groups)('%s', (_group, inputs) => {
  test.each(inputs)(
    '$name is answered $statusCode $code, and is not in the topic',
    async ({ bytes, statusCode, code }) => {
      const answer = await ingress.ask(bytes)
      expect(answer?.headers['content-type']).toBe('application/json; charset=utf-8')
      const body: Record<string, unknown> = JSON.parse(answer?.body ?? '')
      expect(body).toEqual({ statusCode, code, error: expect.any(String), message: expect.any(String) })
      expect(answer?.statusCode).toBe(statusCode)
      expect(published.filter(({ topic }) => topic !== 'webhook.rejected')).toEqual([])
    },
  )
})

test('HEAD on the hook is 405 with Allow and no body', async () => {
  const answer = await ingress.ask(points({ method: 'HEAD', headers: { 'content-length': undefined }, body: '' }), {
    head: true,
  })
  expect(answer).toMatchObject({ statusCode: 405, headers: { allow: 'POST' }, body: '' })
})

describe('accepted', () => {
  const good: [string, Buffer][] = [
    ['Points', points()],
    ['Headless Commerce', hc()],
    ['a body of exactly the limit', points({ body: bodyOf(1_048_576) })],
    ['charset utf-8', points({ headers: { 'content-type': 'Application/JSON; charset="UTF-8"' } })],
    ['content encoding identity', points({ headers: { 'content-encoding': 'identity' } })],
    ['a query', points({ path: '/webhooks/points?a=1' })],
    ['the event in its header', points({ headers: { 'x-webhook-event': 'approved' } })],
    ['an unknown event name', points({ body: pointsBody({ event: 'sent_to_the_moon' }) })],
    [
      'odd keys in metadata',
      points({ body: pointsBody({ order: { id: 'a', metadata: { $set: 1, 'a.b': 2, toString: 3 } } }) }),
    ],
    ['2^53+1', points({ body: pointsBody().replace('{', '{"n":9007199254740993,') })],
    ['a time five minutes ahead', points({ body: pointsBody({ timestamp: '2026-03-01T10:05:01Z' }) })],
    ['a header that asks for another protocol', points({ headers: { connection: 'upgrade', upgrade: 'h2c' } })],
  ]
  test.each(good)('%s, with the body byte for byte in the record', async (_name, bytes) => {
    const answer = await ingress.ask(bytes)
    expect(answer?.statusCode).toBe(200)
    expect(published).toHaveLength(1)
    const body = bytes.subarray(bytes.indexOf('\r\n\r\n') + 4)
    expect(published[0]?.value.subarray(-body.length - 1, -1).equals(body)).toBe(true)
  })
})

describe('kept in quarantine', () => {
  const refund = hcBody({ type: 'payment.refunded', data: { id: 're_1' } })

  test('a refund that names no order is acknowledged, and whole', async () => {
    const answer = await ingress.ask(hc({ body: refund }))
    expect(answer?.statusCode).toBe(200)
    expect(JSON.parse(answer?.body ?? '')).toMatchObject({ status: 'quarantined', code: 'no_order_id' })
    expect(published).toMatchObject([{ topic: 'webhook.rejected', value: Buffer.from(refund) }])
    expect(published[0]?.headers).toMatchObject({
      source: 'hc',
      reason: 'no_order_id',
      verified: 'true',
      secret_id: 'env',
    })
  })

  test('an impossible time, whole', async () => {
    const body = pointsBody({ timestamp: '2026-02-30T10:00:00Z', padding: 'x'.repeat(100_000) })
    await ingress.ask(points({ body }))
    expect(published).toMatchObject([{ topic: 'webhook.rejected', headers: { reason: 'invalid_time' } }])
    expect(published[0]?.value.equals(Buffer.from(body))).toBe(true)
  })

  test('what failed verification: 16 KiB of it, and never its credential', async () => {
    // an address of its own: the others of this file have used up the budget of theirs
    const fresh = await runningApp(async (topic, { value, headers }) => published.push({ topic, value, headers }))
    const secret = 'not-the-secret-at-all'
    await fresh.ask(
      points({ headers: { 'x-webhook-secret': secret }, body: pointsBody({ padding: 'x'.repeat(100_000) }) }),
    )
    await fresh.app.close()
    expect(published).toHaveLength(1)
    expect(published[0]).toMatchObject({
      topic: 'webhook.rejected',
      headers: { reason: 'mismatch', verified: 'false' },
    })
    expect(published[0]?.value.length).toBe(16_384)
    expect(Number(published[0]?.headers['body_bytes'])).toBeGreaterThan(100_000)
    expect(JSON.stringify(published)).not.toContain(secret)
  })
})

test('a wave of wrong secrets is answered 401 to the last, and copied only within the budget', async () => {
  const fresh = await runningApp(async topic => published.push({ topic, value: Buffer.alloc(0), headers: {} }))
  const client = fresh.connect()
  for (let sent = 0; sent < 200; sent++) {
    const answer = await client.send(points({ headers: { 'x-webhook-secret': 'wrong' } })).answer()
    expect(answer?.statusCode).toBe(401)
  }
  expect((await client.send(points()).answer())?.statusCode).toBe(200)
  client.close()
  await fresh.app.close()
  expect(published.filter(({ topic }) => topic === 'webhook.rejected')).toHaveLength(5)
  expect(await fresh.metric('hookline_ingress_requests_total{source="points",outcome="unauthenticated"}')).toBe(200)
})

test('no line of the log has a secret, a signature or a part of a body', async () => {
  const log = ingress.log()
  expect(log).toContain('verification failed')
  for (const secret of [POINTS_SECRET, HC_SECRET, signatureOf(hcBody()), 'A-1']) {
    expect(log).not.toContain(secret)
  }
})

test('the flood made no new series', async () => {
  const first = await runningApp(async () => undefined)
  const series = async (app: typeof ingress) => (await app.series()).length
  expect(await series(ingress)).toBe(await series(first))
  await first.app.close()
})
