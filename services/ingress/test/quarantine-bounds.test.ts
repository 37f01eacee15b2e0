import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { KafkaUnavailable, parseTopics, PublishTimeout } from '@hookline/kafka'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { REJECTED_TOPIC } from '../src/limits.ts'
import { OVERHEAD_BYTES, quarantineBounds, RETENTION_MS } from '../src/quarantine/bounds.ts'
import { rejectedRecord, rejectedRequest } from '../src/quarantine/record.ts'
import { heldKafka } from './held-kafka.ts'
import { hc, hcBody, points, pointsBody } from './requests.ts'
import { NOW, runningApp } from './running-app.ts'
import { schemes } from './schemes.ts'

const LIMITS = { maxRecords: 3, maxBytes: 1_048_576 }
const WRONG = { headers: { 'x-webhook-secret': 'wrong' } }
const namesNoOrder = hc({ body: hcBody({ type: 'payment.refunded', data: { id: 're_1' } }) })
const impossibleTime = points({ body: pointsBody({ timestamp: '2026-02-30T10:00:00Z' }) })

type Running = Awaited<ReturnType<typeof runningApp>>

function counted(ingress: Running, kind: string, outcome: string, source = 'points') {
  return ingress.metric(`hookline_quarantine_requests_total{source="${source}",kind="${kind}",outcome="${outcome}"}`)
}

describe('the bounds of a source', () => {
  test('hold for records and for bytes, whichever comes first', () => {
    const bounds = quarantineBounds({ maxRecords: 10, maxBytes: 100_000 })
    const taken = (source: string, bytes: number) =>
      Array.from({ length: 20 }, () => bounds.take(source, 'unverified', bytes, NOW)).filter(Boolean).length
    expect(taken('small', 100)).toBe(10)
    expect(taken('large', 30_000)).toBe(2)
    expect(bounds.left('small', 'unverified', NOW)).toBe(0)
    expect(bounds.left('large', 'unverified', NOW)).toBeCloseTo(1 - (2 * 34_096) / 100_000)
    expect(bounds.left('third', 'unverified', NOW)).toBe(1)
  })

  test('let no more than twice the limit into the topic in the time for which it keeps records', () => {
    const perRequest = fc.tuple(fc.nat({ max: 86_400_000 }), fc.nat({ max: 70_000 }))
    fc.assert(
      fc.property(fc.array(perRequest, { maxLength: 300 }), requests => {
        const limits = { maxRecords: 20, maxBytes: 200_000 }
        const bounds = quarantineBounds(limits)
        let at = NOW
        const kept = requests.flatMap(([afterMs, bytes]) => {
          at += afterMs
          return bounds.take('points', 'unverified', bytes, at) ? [{ at, bytes }] : []
        })
        for (const { at: end } of kept) {
          const inTopic = kept.filter(one => one.at <= end && one.at > end - RETENTION_MS)
          expect(inTopic.length).toBeLessThanOrEqual(2 * limits.maxRecords)
          expect(inTopic.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(2 * limits.maxBytes)
        }
      }),
    )
  })

  test('come back with time, and with what was not stored', () => {
    const bounds = quarantineBounds({ maxRecords: 7, maxBytes: 1_048_576 })
    for (let n = 0; n < 7; n++) bounds.take('points', 'unverified', 0, NOW)
    expect(bounds.take('points', 'unverified', 0, NOW)).toBe(false)
    bounds.giveBack('points', 'unverified', 0)
    expect(bounds.take('points', 'unverified', 0, NOW)).toBe(true)
    expect(bounds.take('points', 'unverified', 0, NOW + RETENTION_MS / 7 - 1_000)).toBe(false)
    expect(bounds.take('points', 'unverified', 0, NOW + RETENTION_MS / 7 + 1_000)).toBe(true)
  })

  test('count a record with more than it can have beside its body', () => {
    const text = '"ÿ'.repeat(128)
    const rawHeaders = ['webhook-id', text, 'webhook-timestamp', text]
    const signatures = Array.from({ length: 8 }, () => `v1,${'A'.repeat(43)}=`).join(' ')
    const [, , standard] = schemes
    const evidence = standard.scheme.evidenceOf({
      body: Buffer.alloc(0),
      rawHeaders: [...rawHeaders, 'webhook-signature', signatures],
      now: NOW,
    })
    const names = ['content-type', 'user-agent', 'x-webhook-event', 'x-request-id']
    const { key, headers } = rejectedRecord(
      rejectedRequest(
        {
          source: 's'.repeat(32),
          reason: 'not_yet_valid',
          verified: false,
          secretId: 'i'.repeat(32),
          requestId: randomUUID(),
          receivedAt: NOW,
          headers: Object.fromEntries(names.map(name => [name, text.repeat(2)])),
          body: Buffer.alloc(0),
          evidence,
        },
        0,
      ),
    )
    expect(Buffer.byteLength([key, ...Object.entries(headers).flat()].join(''))).toBeLessThan(OVERHEAD_BYTES)
  })

  test('are refilled over the time for which the topic keeps records', () => {
    const file = readFileSync(new URL('../../../infra/topics.yaml', import.meta.url), 'utf8')
    const topic = parseTopics(file).find(({ name }) => name === REJECTED_TOPIC)
    expect(topic?.config['retention.ms']).toBe(`${RETENTION_MS}`)
  })
})

test("strangers' requests take no room of verified ones, nor of another source", async () => {
  const ingress = await runningApp(async () => undefined, { quarantineLimits: LIMITS })
  for (let n = 0; n < 5; n++) expect((await ingress.ask(points(WRONG)))?.statusCode).toBe(401)
  expect(await counted(ingress, 'unverified', 'stored')).toBe(3)
  expect(await counted(ingress, 'unverified', 'full')).toBe(2)
  expect(await ingress.metric('hookline_quarantine_unverified_left_ratio{source="points"}')).toBe(0)
  expect(await ingress.metric('hookline_quarantine_unverified_left_ratio{source="hc"}')).toBe(1)

  expect((await ingress.ask(impossibleTime))?.statusCode).toBe(422)
  expect(await counted(ingress, 'verified', 'stored')).toBe(1)
  await ingress.ask(hc({ headers: { 'x-webhook-signature': '0'.repeat(64) } }))
  expect(await counted(ingress, 'unverified', 'stored', 'hc')).toBe(1)
  await ingress.app.close()
})

test('where no more can be kept, what would be acknowledged is 503, and what would be refused is refused', async () => {
  const stored: string[] = []
  const ingress = await runningApp(async topic => stored.push(topic), { quarantineLimits: LIMITS })
  for (let n = 0; n < 30; n++) expect((await ingress.ask(namesNoOrder))?.statusCode).toBe(200)
  const answer = await ingress.ask(namesNoOrder)
  expect(answer).toMatchObject({ statusCode: 503, headers: { 'retry-after': '60' } })
  expect(JSON.parse(answer?.body ?? '')).toMatchObject({ code: 'quarantine_full' })

  for (let n = 0; n < 31; n++) expect((await ingress.ask(impossibleTime))?.statusCode).toBe(422)
  expect(stored).toEqual(Array.from({ length: 60 }, () => REJECTED_TOPIC))
  expect([
    await counted(ingress, 'verified', 'full', 'hc'),
    await counted(ingress, 'verified', 'full', 'points'),
  ]).toEqual([1, 1])
  // its webhooks go on
  expect((await ingress.ask(hc()))?.statusCode).toBe(200)
  await ingress.app.close()
})

test('an outage of Kafka uses up no room, unless the records may be stored', async () => {
  let outage: Error = new KafkaUnavailable('x')
  const ingress = await runningApp(() => Promise.reject(outage), { quarantineLimits: LIMITS })
  for (let n = 0; n < 40; n++) expect((await ingress.ask(namesNoOrder))?.statusCode).toBe(503)
  expect(await ingress.metric('hookline_quarantine_verified_left_ratio{source="hc"}')).toBe(1)
  outage = new PublishTimeout('x', { mayBeStored: true })
  await ingress.ask(namesNoOrder)
  expect(await ingress.metric('hookline_quarantine_verified_left_ratio{source="hc"}')).toBeCloseTo(29 / 30)
  await ingress.app.close()
})

test("while Kafka is slow, strangers' copies leave its queue to what is to be acknowledged", async () => {
  const kafka = heldKafka()
  const ingress = await runningApp(kafka.publish)
  const client = ingress.connect()
  for (let n = 0; n < 250; n++) expect((await client.send(points(WRONG)).answer())?.statusCode).toBe(401)
  expect(await kafka.holds(200)).toHaveLength(200)
  expect(await counted(ingress, 'unverified', 'waiting')).toBe(50)
  const accepted = client.send(points()).answer()
  expect(await kafka.holds(201)).toHaveLength(201)
  kafka.storeAll()
  expect((await accepted)?.statusCode).toBe(200)
  // there is room again
  await client.send(points(WRONG)).answer()
  expect(await kafka.holds(1)).toHaveLength(1)
  kafka.storeAll()
  client.close()
  await ingress.app.close()
})

test('a copy on its way holds what is kept of a body, not the body', async () => {
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  const held = () => {
    collect()
    return process.memoryUsage().arrayBuffers
  }
  const kafka = heldKafka()
  const ingress = await runningApp(kafka.publish)
  const client = ingress.connect()
  const large = points({ ...WRONG, body: pointsBody({ padding: 'x'.repeat(1_000_000) }) })
  const send = async () => expect((await client.send(large).answer())?.statusCode).toBe(401)
  await send()
  const before = held()
  for (let n = 1; n < 60; n++) await send()
  await kafka.holds(60)
  // the memory of what is collected is given back a little later
  await expect.poll(() => held() - before).toBeLessThan(30_000_000)
  kafka.storeAll()
  client.close()
  await ingress.app.close()
})
