import { afterAll, beforeAll, expect, test } from 'vitest'
import { bodiesInTopics } from '../../../packages/local/test/e2e/kafka.ts'
import { portOf, startIngress } from './ingress-process.ts'
import { ownBroker, type OwnBroker } from './own-broker.ts'
import { ownTopics } from './own-topics.ts'
import { RawClient } from './raw-client.ts'
import { sender, type Sender } from './sender.ts'

/** More than could be refused within a test if each refusal waited as the first one does. */
const QUICK_REFUSALS = 200

let kafka: OwnBroker
let second: Awaited<ReturnType<OwnBroker['join']>>
let topics: ReturnType<typeof ownTopics>
let ingress: ReturnType<typeof startIngress>
let port: number
let points: Sender
let hc: Sender

beforeAll(async () => {
  kafka = await ownBroker()
  second = await kafka.join()
  topics = ownTopics(kafka.address, { replicationFactor: 2 })
  await topics.make()
  ingress = startIngress({ KAFKA_BROKERS: kafka.address, LOG_LEVEL: 'info' })
  port = await portOf(ingress)
  points = sender(port, 'points')
  hc = sender(port, 'hc')
})
afterAll(async () => {
  points?.close()
  hc?.close()
  ingress?.child.kill('SIGKILL')
  await kafka?.close()
})

async function readiness(): Promise<number> {
  const { admin } = await ingress.line('ready')
  return (await fetch(new URL('/readyz', String(admin)))).status
}

const UNAVAILABLE = { statusCode: 503, headers: { 'retry-after': '5' }, code: 'unavailable' }

test('with fewer replicas in sync than its topic asks for a source is answered 503, until there are enough', async () => {
  await points.untilAccepted()
  await topics.set('points.webhook', { 'min.insync.replicas': '2' })
  await points.untilAccepted()
  await second.leave()
  expect(await points.untilRefused()).toMatchObject(UNAVAILABLE)
  for (let n = 0; n < QUICK_REFUSALS; n++) expect(await points.post()).toMatchObject(UNAVAILABLE)
  await hc.untilAccepted()
  // ready for a moment again and again, when the broker answers and nothing was tried yet
  await expect.poll(async () => (await points.post()) && readiness(), { timeout: 30_000 }).toBe(503)
  await topics.set('points.webhook', { 'min.insync.replicas': '1' })
  await points.untilAccepted()
  expect(await readiness()).toBe(200)
})

test('a source whose topic is gone is answered 503, until the topic is made again', async () => {
  await topics.remove('hc.webhook')
  expect(await hc.untilRefused()).toMatchObject(UNAVAILABLE)
  await points.untilAccepted()
  hc.forget()
  await topics.makeAgain('hc.webhook')
  await hc.untilAccepted()
})

test('of many webhooks at once only the one that its topic does not hold is refused, and taken when it does', async () => {
  await topics.set('points.webhook', { 'max.message.bytes': '50000' })
  const others = Array.from({ length: 20 }, () => sender(port, 'points'))
  const large = { padding: 'x'.repeat(60_000) }
  const tooLarge = () => points.post(large)
  await expect.poll(async () => (await tooLarge()).code, { timeout: 30_000 }).toBe('internal')
  const [guilty, ...innocent] = await Promise.all([tooLarge(), ...others.map(other => other.post())])
  expect(guilty).toMatchObject({ statusCode: 503, headers: { 'retry-after': '5' }, code: 'internal' })
  expect(innocent.map(({ statusCode }) => statusCode)).toEqual(others.map(() => 200))
  expect(ingress.lines).toContainEqual(
    expect.objectContaining({ code: 'internal', err: expect.objectContaining({ code: 'record_too_large' }) }),
  )
  await topics.set('points.webhook', { 'max.message.bytes': '2097152' })
  await points.untilAccepted(large)
  for (const other of others) points.alsoAcked(other)
})

test('while the broker answers nothing every webhook is refused, at once when that is known, and accepted when it does again', async () => {
  kafka.kill('SIGSTOP')
  try {
    expect(await points.post()).toMatchObject(UNAVAILABLE)
    for (let n = 0; n < QUICK_REFUSALS; n++) expect(await points.post()).toMatchObject(UNAVAILABLE)
    expect(await readiness()).toBe(503)
  } finally {
    kafka.kill('SIGCONT')
  }
  await points.untilAccepted()
  await hc.untilAccepted()
  expect(await readiness()).toBe(200)
})

test('a thousand connections that come while the process is busy are all taken, and their requests answered', async () => {
  ingress.child.kill('SIGSTOP')
  const crowd = Array.from({ length: 1_000 }, () => sender(port, 'points'))
  const answers = crowd.map(one => one.post())
  await crowd[0]?.connected()
  ingress.child.kill('SIGCONT')
  expect((await Promise.all(answers)).filter(({ statusCode }) => statusCode === undefined)).toEqual([])
  for (const one of crowd) points.alsoAcked(one)
})

test('at SIGTERM the process is not ready and takes no connection while what has begun is still answered, then it ends with 0', async () => {
  const begun = new RawClient(port)
  const { bytes, body } = points.next()
  begun.send(bytes.subarray(0, -1))
  const { admin } = await ingress.line('ready')
  const inFlight = async () =>
    (await (await fetch(new URL('/metrics', String(admin)))).text()).includes('in_flight_requests 1')
  await expect.poll(inFlight, { timeout: 30_000 }).toBe(true)
  ingress.child.kill('SIGTERM')
  await expect.poll(readiness, { timeout: 30_000 }).toBe(503)
  await expect.poll(() => sender(port, 'points').post(), { timeout: 30_000 }).toMatchObject({ statusCode: undefined })
  begun.send(bytes.subarray(-1))
  expect(await begun.answer()).toMatchObject({ statusCode: 200, headers: { connection: 'close' } })
  points.ack(body)
  await begun.closed()
  const { code, errors } = await ingress.ended
  expect({ code, errors }).toEqual({ code: 0, errors: '' })
})

test('after all outages every webhook that was answered 200 is in the topics', async () => {
  const stored = await bodiesInTopics({ kafka: kafka.address })
  const acked = [...points.acked(), ...hc.acked()]
  expect(acked.length).toBeGreaterThan(1_000)
  expect(acked.filter(body => !stored.has(body))).toEqual([])
})
