import { applyTopics } from '@hookline/kafka'
import { expect, inject, test } from 'vitest'
import { readTopic, testClient } from '../../../packages/kafka/test/cluster.ts'
import { startService } from '../../../packages/service/test/service-process.ts'
import { RawClient } from './raw-client.ts'
import { hc, hcBody, HC_SECRET, points, pointsBody, POINTS_SECRET } from './requests.ts'

const TOPICS = ['points.webhook', 'hc.webhook', 'webhook.rejected']

function makeTopics(config: Record<string, string> = {}) {
  const safe = { 'message.timestamp.type': 'LogAppendTime', 'max.message.bytes': '2097152', ...config }
  const wanted = TOPICS.map(name => ({ name, partitions: 3, replicationFactor: 1, config: safe }))
  return applyTopics(testClient(), wanted)
}

function startIngress(over: Record<string, string> = {}) {
  return startService(new URL('../src/main.ts', import.meta.url), {
    KAFKA_BROKERS: inject('kafkaBrokers'),
    KAFKA_REPLICATION_MIN: '1',
    HOST: '127.0.0.1',
    PORT: '0',
    POINTS_WEBHOOK_SECRET: POINTS_SECRET,
    HC_WEBHOOK_SECRET: HC_SECRET,
    LOG_LEVEL: 'debug',
    ...over,
  })
}

async function portOf(ingress: ReturnType<typeof startIngress>): Promise<number> {
  await ingress.line('ready')
  const { address } = await ingress.line('listening')
  return Number(new URL(String(address)).port)
}

/** Sends one order after another on one connection until it ends; resolves with the orders that were answered 200. */
async function sendUntilClosed(port: number, name: string, onAck: () => void): Promise<string[]> {
  const client = new RawClient(port)
  const acked: string[] = []
  for (let n = 0; ; n++) {
    const id = `${name}-${n}`
    const answer = await client.send(points({ body: pointsBody({ order: { id }, timestamp: nowText() }) })).answer()
    if (answer === undefined) return acked
    expect([200, 503]).toContain(answer.statusCode)
    if (answer.statusCode === 200) acked.push(id)
    onAck()
  }
}

function nowText(): string {
  return new Date().toISOString()
}

test('SIGTERM in a burst: what was answered 200 is in the topic, and the process ends with 0', async () => {
  await makeTopics()
  const ingress = startIngress()
  const port = await portOf(ingress)
  let answered = 0
  const enough = Promise.withResolvers<void>()
  const onAck = () => {
    answered += 1
    if (answered === 300) enough.resolve()
  }
  const sending = Array.from({ length: 20 }, (_, n) => sendUntilClosed(port, `burst-${n}`, onAck))
  await enough.promise
  ingress.child.kill('SIGTERM')
  const acked = (await Promise.all(sending)).flat()
  const { code, errors } = await ingress.ended

  expect({ code, errors }).toEqual({ code: 0, errors: '' })
  expect(acked.length).toBeGreaterThanOrEqual(300)
  const keys = new Set((await readTopic('points.webhook')).map(record => record.key))
  expect(acked.filter(id => !keys.has(id))).toEqual([])
})

test('SIGKILL in a burst: what was answered 200 is in the topic', async () => {
  await makeTopics()
  const ingress = startIngress()
  const port = await portOf(ingress)
  const enough = Promise.withResolvers<void>()
  let answered = 0
  const onAck = () => {
    answered += 1
    if (answered === 300) enough.resolve()
  }
  const sending = Array.from({ length: 20 }, (_, n) => sendUntilClosed(port, `killed-${n}`, onAck))
  await enough.promise
  ingress.child.kill('SIGKILL')
  const acked = (await Promise.all(sending)).flat()
  await ingress.ended
  const keys = new Set((await readTopic('points.webhook')).map(record => record.key))
  expect(acked.filter(id => !keys.has(id))).toEqual([])
})

test('the admin port answers what senders must not see, and the public port does not', async () => {
  await makeTopics()
  const ingress = startIngress()
  const port = await portOf(ingress)
  const { admin } = await ingress.line('ready')
  for (const path of ['/livez', '/readyz', '/metrics']) {
    expect((await fetch(new URL(path, String(admin)))).status).toBe(200)
    expect((await fetch(`http://127.0.0.1:${port}${path}`)).status).toBe(404)
  }
  ingress.child.kill('SIGTERM')
  await ingress.ended
})

test('no secret, signature or part of a body is in what the process writes', async () => {
  await makeTopics()
  const ingress = startIngress()
  const port = await portOf(ingress)
  const email = 'layla.marker@example.test'
  const client = new RawClient(port)
  const body = hcBody({ created_at: nowText(), data: { id: 'ord_marker', customer: { email } } })
  const signature = 'ab'.repeat(32)
  for (const request of [
    hc({ body }),
    hc({ body, headers: { 'x-webhook-signature': signature } }),
    points({ headers: { 'x-webhook-secret': 'wrong-secret-marker' } }),
    points({ body: `{"email":"${email}` }),
    points({ body: pointsBody({ timestamp: email }) }),
  ]) {
    expect(await client.send(request).answer()).toBeDefined()
  }
  client.close()
  ingress.child.kill('SIGTERM')
  const { lines, errors } = await ingress.ended
  const written = JSON.stringify(lines) + errors
  expect(lines.map(line => line.msg)).toContain('verification failed')
  for (const marker of [POINTS_SECRET, HC_SECRET, signature, 'wrong-secret-marker', 'layla', 'ord_marker']) {
    expect(written).not.toContain(marker)
  }
})

test.each([
  [
    'topics with fewer replicas than the policy',
    { KAFKA_REPLICATION_MIN: '3' },
    /^points.webhook has replication 1: raise it to 3/,
  ],
  [
    'an example secret in production',
    {
      HOOKLINE_ENV: 'production',
      KAFKA_SECURITY_PROTOCOL: 'SSL',
      POINTS_WEBHOOK_SECRET: 'example-points-secret-never-use-it',
    },
    /^POINTS_WEBHOOK_SECRET is one of an example file/,
  ],
  ['plaintext brokers in production', { HOOKLINE_ENV: 'production' }, /^KAFKA_SECURITY_PROTOCOL is PLAINTEXT/],
])('does not start with %s, and says what to set', async (_what, over, sentence) => {
  await makeTopics()
  const { code, lines } = await startIngress(over).ended
  expect(code).toBe(1)
  const refusal = lines.find(line => line.msg === 'not starting')
  expect(refusal?.['problems']).toContainEqual(expect.stringMatching(sentence))
})

test('does not start where a topic cannot hold the largest body', async () => {
  await makeTopics({ 'max.message.bytes': '1048588' })
  const { code, lines } = await startIngress().ended
  await makeTopics()
  expect(code).toBe(1)
  const refusal = lines.find(line => line.msg === 'not starting')
  expect(refusal?.['problems']).toContainEqual(expect.stringMatching(/^hc.webhook has max.message.bytes=1048588: set/))
})
