import { decodeRecord } from '@hookline/contracts'
import { publisher } from '@hookline/kafka'
import { afterAll, expect, test } from 'vitest'
import { newTopic, readTopic, testClient, topicName } from '../../../packages/kafka/test/cluster.ts'
import { PUBLISH_TIMEOUT_MS, REJECTED_TOPIC } from '../src/limits.ts'
import type { Publish } from '../src/publish.ts'
import { badInput } from './bad-input/groups.ts'
import { SENDERS, VALUES } from './bad-input/senders.ts'
import { hc, hcBody, points, pointsBody } from './requests.ts'
import { NOW, opened, runningApp } from './running-app.ts'

const kafka = publisher({ client: testClient() })
afterAll(() => kafka.close())

/** The ingress on topics that nobody else has. */
async function ingressOn(topics: { points: string; hc: string; rejected: string }) {
  const own: Readonly<Record<string, string>> = { 'points.webhook': topics.points, 'hc.webhook': topics.hc }
  const sources = opened(VALUES).map(({ catalogue, ...source }) => {
    return { ...source, catalogue: { ...catalogue, topic: own[catalogue.topic] ?? catalogue.topic } }
  })
  const publish: Publish = (topic, record) =>
    kafka.publish(topic === REJECTED_TOPIC ? topics.rejected : topic, record, { timeoutMs: PUBLISH_TIMEOUT_MS })
  return runningApp(publish, { sources })
}

async function newTopics() {
  const config = { 'max.message.bytes': '2097152' }
  return { points: await newTopic(3, config), hc: await newTopic(3, config), rejected: await newTopic(1, config) }
}

/** Key and body of each record of a topic. */
async function stored(topic: string): Promise<{ key: string | undefined; body: string }[]> {
  const records = await readTopic(topic)
  return records.map(({ key, value }) => ({ key, body: decodeRecord(Buffer.from(value ?? '')).body }))
}

test('what is answered 200 is in the topic, byte for byte, under its order id', async () => {
  const topics = await newTopics()
  const ingress = await ingressOn(topics)
  const bodies = [
    pointsBody(),
    ` ${pointsBody({ order: { id: 'odd-order', metadata: { $set: 1, 'a.b': '\u0000\u2028"\\/', '😀': 'ن' } } })}\n`,
    pointsBody({ order: { id: 'big-order' }, padding: 'x'.repeat(1_048_000 - pointsBody().length) }),
    pointsBody().replace('"A-1"', String.raw`"\u0041-1"`).replace('{', '{ "n": 1.10, "m":9007199254740993,'),
  ]
  for (const body of bodies) expect((await ingress.ask(points({ body })))?.statusCode).toBe(200)
  expect((await ingress.ask(hc()))?.statusCode).toBe(200)

  const inTopic = await stored(topics.points)
  expect(new Set(inTopic.map(({ body }) => body))).toEqual(new Set(bodies))
  const orderId = '5c8bd9ab-9a0d-4d3c-8d3e-6d3d1fb9a001'
  for (const { key, body } of inTopic) expect(JSON.parse(body)).toMatchObject({ order: { id: key } })
  expect(inTopic.filter(({ key }) => key === orderId)).toHaveLength(2)
  expect(inTopic).toHaveLength(bodies.length)
  expect(await stored(topics.hc)).toEqual([{ key: 'ord_1', body: hcBody() }])
  await ingress.app.close()
})

test('a thousand requests at once, each body ten times, are all stored: duplicates are for the consumers', async () => {
  const topics = await newTopics()
  const ingress = await ingressOn(topics)
  const bodies = Array.from({ length: 100 }, (_, n) => pointsBody({ order: { id: `order-${n}` } }))
  const clients = Array.from({ length: 50 }, () => ingress.connect())
  const codes = await Promise.all(
    clients.map(async (client, c) => {
      const answered: (number | undefined)[] = []
      for (let n = 0; n < 20; n++) {
        const body = bodies[(c * 20 + n) % bodies.length] ?? ''
        answered.push((await client.send(points({ body })).answer())?.statusCode)
      }
      client.close()
      return answered
    }),
  )
  expect(codes.flat()).toEqual(Array.from({ length: 1_000 }, () => 200))
  const inTopic = await stored(topics.points)
  expect(inTopic).toHaveLength(1_000)
  for (const body of bodies) expect(inTopic.filter(record => record.body === body)).toHaveLength(10)
  await ingress.app.close()
})

test('nothing that is refused is in the topic of its source, and what is kept is in quarantine', async () => {
  const topics = await newTopics()
  const ingress = await ingressOn(topics)
  const senders = SENDERS.filter(({ source }) => source in topics)
  const inputs = senders.map(sender => badInput(sender, NOW))
  for (const { bytes } of inputs.flatMap(Object.values).flat()) await ingress.ask(bytes)
  // the last one of each topic is stored, so all before it would be
  await ingress.ask(points())
  await ingress.ask(hc())
  await ingress.app.close()

  expect(await stored(topics.points)).toHaveLength(1)
  expect(await stored(topics.hc)).toHaveLength(1)
  const kept = await readTopic(topics.rejected)
  expect(kept.filter(({ headers }) => headers['reason'] === 'invalid_time')).toHaveLength(
    inputs.flatMap(({ time = [] }) => time).length,
  )
  for (const { secret } of SENDERS) expect(JSON.stringify(kept)).not.toContain(secret)
})

test('a topic that is absent makes 503 for its source, and the other source goes on', async () => {
  const topics = { ...(await newTopics()), hc: topicName() }
  const ingress = await ingressOn(topics)
  const answer = await ingress.ask(hc())
  expect(answer).toMatchObject({ statusCode: 503, headers: { 'retry-after': '5' } })
  expect((await ingress.ask(points()))?.statusCode).toBe(200)
  await ingress.app.close()
})
