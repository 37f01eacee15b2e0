import { decodeRecord } from '@hookline/contracts'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { SAFE_HEADERS } from '../src/safe-headers.ts'
import { bodyOf } from './bad-input/content.ts'
import { badInput } from './bad-input/groups.ts'
import { DECLARED, post, SENDERS, VALUES } from './bad-input/senders.ts'
import type { Sender } from './bad-input/senders.ts'
import { hc, hcBody, points, pointsBody, signatureOf } from './requests.ts'
import { NOW, opened, runningApp } from './running-app.ts'

const published: { topic: string; value: Buffer; headers: Readonly<Record<string, string>> }[] = []
let ingress: Awaited<ReturnType<typeof start>>

function start() {
  return runningApp(async (topic, { value, headers }) => published.push({ topic, value, headers }), {
    sources: opened(VALUES, DECLARED),
  })
}

beforeAll(async () => {
  ingress = await start()
})
beforeEach(() => {
  published.length = 0
})
afterAll(() => ingress.app.close())

describe.each(SENDERS)('$source', sender => {
  describe.each(Object.entries(badInput(sender, NOW)))('%s', (_group, inputs) => {
    test.each(inputs)(
      '$name is answered $statusCode $code, and is not in the topic',
      async ({ bytes, statusCode, code }) => {
        const answer = await ingress.ask(bytes)
        expect(answer?.headers).toMatchObject({ ...SAFE_HEADERS, 'content-type': 'application/json; charset=utf-8' })
        const body: Record<string, unknown> = JSON.parse(answer?.body ?? '')
        expect(body).toEqual({ statusCode, code, error: expect.any(String), message: expect.any(String) })
        expect(answer?.statusCode).toBe(statusCode)
        expect(answer?.headers['allow']).toBe(statusCode === 405 ? 'POST' : undefined)
        expect(published.filter(({ topic }) => topic !== 'webhook.rejected')).toEqual([])
      },
    )
  })

  test('HEAD on the hook is 405 with Allow and no body', async () => {
    const head = post(sender, { method: 'HEAD', body: '', headers: { 'content-length': undefined } })
    expect(await ingress.ask(head, { head: true })).toMatchObject({
      statusCode: 405,
      headers: { allow: 'POST' },
      body: '',
    })
  })

  const accepted: [string, Buffer][] = [
    ['as it should be', post(sender)],
    ['a body of exactly the limit', post(sender, { body: bodyOf(sender, 1_048_576) })],
    ['charset utf-8', post(sender, { headers: { 'content-type': 'Application/JSON; charset="UTF-8"' } })],
    ['content encoding identity', post(sender, { headers: { 'content-encoding': 'identity' } })],
    ['a query', post(sender, { path: `/webhooks/${sender.source}?a=1&__proto__[x]=1` })],
    ['an unknown event name', post(sender, { body: sender.body({ [sender.fields.event]: 'order.sent_to_the_moon' }) })],
    ['an event named as a property', post(sender, { body: sender.body({ [sender.fields.event]: 'constructor' }) })],
    ['odd keys in metadata', post(sender, { body: sender.body(sender.order({ metadata: ODD_KEYS })) })],
    ['2^53+1', post(sender, { body: sender.body().replace('{', '{"n":9007199254740993,') })],
    ['a time five minutes ahead', post(sender, { body: timed(sender, '2026-03-01T10:05:01Z') })],
    ['a time at +14:00', post(sender, { body: timed(sender, '2026-03-02T00:00:00+14:00') })],
    ['a header that asks for another protocol', post(sender, { headers: { connection: 'upgrade', upgrade: 'h2c' } })],
    ['HTTP/1.0 without a host', Buffer.from(http10(post(sender, { headers: { host: undefined } })), 'latin1')],
  ]
  test.each(accepted.filter(([name]) => isSent(sender, name)))(
    '%s is accepted, with the body byte for byte in the record',
    async (_name, bytes) => {
      const answer = await ingress.ask(bytes)
      expect(answer?.statusCode).toBe(200)
      expect(published).toMatchObject([{ topic: `${sender.source}.webhook` }])
      const body = bytes.subarray(bytes.indexOf('\r\n\r\n') + 4)
      expect(Buffer.from(decodeRecord(published[0]?.value ?? null).body).equals(body)).toBe(true)
    },
  )

  test('the previous secret is good within its overlap, and is named with the record', async () => {
    const fresh = await start()
    expect((await fresh.ask(post(sender, {}, sender.previous)))?.statusCode).toBe(200)
    const event = decodeRecord(published[0]?.value ?? null)
    expect(event.headers['x-hookline-secret-id']).toBe('previous')
    await fresh.app.close()
  })
})

const ODD_KEYS = { $set: 1, 'a.b': 2, $where: '1', toString: 3, hasOwnProperty: 4, '': 5, constructor: 'x' }

function timed(sender: Sender, time: string): string {
  return sender.body({ [sender.fields.time]: time })
}

function http10(bytes: Buffer): string {
  return bytes.toString('latin1').replace('HTTP/1.1', 'HTTP/1.0')
}

/** Of a name that is unknown, Headless Commerce's events are of what names no order. */
function isSent({ source }: Sender, name: string): boolean {
  return source !== 'hc' || name !== 'an event named as a property'
}

test('the event in its header is accepted', async () => {
  expect((await ingress.ask(points({ headers: { 'x-webhook-event': 'approved' } })))?.statusCode).toBe(200)
})

test('a thousand replays of one body at once are all accepted: duplicates are for the consumers', async () => {
  const answers = await Promise.all(Array.from({ length: 1_000 }, () => ingress.ask(points())))
  expect(answers.filter(answer => answer?.statusCode !== 200)).toEqual([])
  expect(published).toHaveLength(1_000)
})

describe('kept in quarantine', () => {
  const refund = hcBody({ type: 'payment.refunded', data: { id: 're_1' } })

  test.each(['payment.refunded', 'fulfillment.shipped', 'return.completed', 'nobody.knows'])(
    'a %s that names no order is acknowledged, and whole',
    async type => {
      const body = refund.replace('payment.refunded', type)
      const answer = await ingress.ask(hc({ body }))
      expect(answer?.statusCode).toBe(200)
      expect(JSON.parse(answer?.body ?? '')).toMatchObject({ status: 'quarantined', code: 'no_order_id' })
      expect(published).toMatchObject([{ topic: 'webhook.rejected', value: Buffer.from(body) }])
      expect(published[0]?.headers).toMatchObject({
        source: 'hc',
        reason: 'no_order_id',
        verified: 'true',
        secret_id: 'env',
      })
    },
  )

  test.each(SENDERS)('an impossible time of $source, whole', async sender => {
    const body = sender.body({ [sender.fields.time]: '2026-02-30T10:00:00Z', padding: 'x'.repeat(100_000) })
    await ingress.ask(post(sender, { body }))
    expect(published).toMatchObject([{ topic: 'webhook.rejected', headers: { reason: 'invalid_time' } }])
    expect(published[0]?.value.equals(Buffer.from(body))).toBe(true)
  })

  test('what failed verification: 64 KiB of it, and never its credential', async () => {
    // an address of its own: the others of this file have used up the budget of theirs
    const fresh = await start()
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
    expect(published[0]?.value.length).toBe(65_536)
    expect(Number(published[0]?.headers['body_bytes'])).toBeGreaterThan(100_000)
    expect(JSON.stringify(published)).not.toContain(secret)
  })
})

test('a wave of wrong secrets is answered 401 to the last, and copied only within the budget', async () => {
  const fresh = await start()
  const client = fresh.connect()
  for (let sent = 0; sent < 1_200; sent++) {
    const answer = await client.send(points({ headers: { 'x-webhook-secret': 'wrong' } })).answer()
    expect(answer?.statusCode).toBe(401)
  }
  expect((await client.send(points()).answer())?.statusCode).toBe(200)
  client.close()
  await fresh.app.close()
  expect(published.filter(({ topic }) => topic === 'webhook.rejected')).toHaveLength(1_000)
  expect(await fresh.metric('hookline_ingress_requests_total{source="points",outcome="unauthenticated"}')).toBe(1_200)
})

test('no line of the log has a secret, a signature or a part of a body', async () => {
  const log = ingress.log()
  expect(log).toContain('verification failed')
  const secrets = SENDERS.flatMap(({ secret, previous, ended, next }) => [secret, previous, ended, next])
  for (const text of [...secrets, signatureOf(hcBody()), 'A-1', 'msg_1']) {
    expect(log).not.toContain(text)
  }
})

test('the flood made no new series', async () => {
  const first = await start()
  const series = async (app: typeof ingress) => (await app.series()).length
  expect(await series(ingress)).toBe(await series(first))
  await first.app.close()
})
