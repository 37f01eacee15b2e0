import { describe, expect, it, onTestFinished, vi } from 'vitest'
import {
  applyTopics,
  deadLetters,
  kafkaClient,
  KafkaUnavailable,
  publisher,
  PublisherClosed,
  PublisherFull,
  PublishTimeout,
  RecordTooLarge,
} from '../src/index.ts'
import type { Publisher, PublisherOptions } from '../src/index.ts'
import { partitionOf } from '../src/murmur2.ts'
import { newTopic, produce, readTopic, SILENT, testClient, topicName } from './cluster.ts'
import { gatedClient } from './gated-client.ts'

const GENEROUS = { timeoutMs: 30_000 }

function testPublisher(options: Partial<PublisherOptions> = {}): Publisher {
  const made = publisher({ client: testClient(), ...options })
  onTestFinished(() => made.close())
  return made
}

const record = (key: string, value = `value of ${key}`) => ({ key, value: Buffer.from(value) })
const keys = (count: number) => Array.from({ length: count }, (_, index) => `order-${index}`)

/** Resolves when the first request is on its way and waits at the gate. */
async function heldAtGate(gated: ReturnType<typeof gatedClient>): Promise<void> {
  await vi.waitUntil(() => gated.requests.length > 0, { timeout: 30_000, interval: 5 })
}

describe('the publisher', () => {
  it("gives each caller its own record's place", async () => {
    const topic = await newTopic(6)
    const kafka = testPublisher()
    const stored = await Promise.all(
      keys(300).map(async key => ({ key, ...(await kafka.publish(topic, record(key), GENEROUS)) })),
    )
    const found = new Map((await readTopic(topic)).map(read => [`${read.partition}/${read.offset}`, read]))
    expect(found.size).toBe(300)
    for (const { key, partition, offset } of stored) {
      expect(partition).toBe(partitionOf(Buffer.from(key), 6))
      expect(found.get(`${partition}/${offset}`)).toMatchObject({ key, value: `value of ${key}` })
    }
  })

  it('sends what comes while a request is out in one request', async () => {
    const topic = await newTopic(6)
    const gated = gatedClient()
    const kafka = testPublisher({ client: gated.client })
    gated.shut()
    const first = kafka.publish(topic, record('first'), GENEROUS)
    await heldAtGate(gated)
    const others = keys(100).map(key => kafka.publish(topic, record(key), GENEROUS))
    gated.open()
    await Promise.all([first, ...others])
    expect(gated.requests).toEqual([1, 100])
  })

  it('keeps a request within its bounds of records and bytes', async () => {
    const topic = await newTopic(1)
    const gated = gatedClient()
    const kafka = testPublisher({ client: gated.client, maxBatchCount: 4, maxBatchBytes: 1_000 })
    gated.shut()
    const small = keys(6).map(key => kafka.publish(topic, record(key, 'x'), GENEROUS))
    const large = keys(3).map(key => kafka.publish(topic, record(key, 'x'.repeat(700)), GENEROUS))
    gated.open()
    await Promise.all([...small, ...large])
    expect(gated.requests.slice(0, 1)).toEqual([4])
    expect(gated.requests.slice(-2)).toEqual([1, 1])
  })

  it('stores the records of one key in the order of the calls', async () => {
    const topic = await newTopic(3)
    const kafka = testPublisher({ maxBatchCount: 7 })
    const calls = Array.from({ length: 200 }, (_, index) => ({ key: `order-${index % 5}`, value: String(index) }))
    await Promise.all(calls.map(({ key, value }) => kafka.publish(topic, record(key, value), GENEROUS)))
    const read = await readTopic(topic)
    for (const key of new Set(calls.map(call => call.key))) {
      const sent = calls.filter(call => call.key === key).map(call => call.value)
      expect(read.filter(one => one.key === key).map(one => one.value)).toEqual(sent)
    }
  })

  it('refuses at once what is over its bounds, and takes more once something is stored', async () => {
    const topic = await newTopic(1)
    const gated = gatedClient()
    const kafka = testPublisher({ client: gated.client, maxWaiting: 3, maxWaitingBytes: 10_000 })
    gated.shut()
    const waiting = keys(3).map(key => kafka.publish(topic, record(key), GENEROUS))
    const refused = kafka.publish(topic, record('one too many'), GENEROUS)
    await expect(refused).rejects.toBeInstanceOf(PublisherFull)
    await expect(refused).rejects.toMatchObject({ code: 'publisher_full', retry: true, mayBeStored: false })
    gated.open()
    await Promise.all(waiting)
    expect(kafka.load()).toEqual({ waiting: 0, waitingBytes: 0 })
    const tooMany = kafka.publish(topic, record('big', 'x'.repeat(10_001)), GENEROUS)
    await expect(tooMany).rejects.toBeInstanceOf(PublisherFull)
    await kafka.publish(topic, record('next'), GENEROUS)
  })

  it('fails only the record that is too large', async () => {
    const topic = await newTopic(2, { 'max.message.bytes': '5000' })
    const kafka = testPublisher()
    const good = keys(20).map(key => kafka.publish(topic, record(key), GENEROUS))
    const guilty = kafka.publish(topic, record('guilty', 'x'.repeat(6_000)), GENEROUS)
    await expect(guilty).rejects.toBeInstanceOf(RecordTooLarge)
    await expect(guilty).rejects.toMatchObject({ code: 'record_too_large', retry: false })
    await Promise.all(good)
    expect(new Set((await readTopic(topic)).map(read => read.key))).toEqual(new Set(keys(20)))
  })

  it('may store a record that it said timed out: a duplicate, never a loss', async () => {
    const topic = await newTopic(1)
    const gated = gatedClient()
    const kafka = testPublisher({ client: gated.client })
    gated.shut()
    const late = kafka.publish(topic, record('late'), { timeoutMs: 50 })
    await expect(late).rejects.toBeInstanceOf(PublishTimeout)
    await expect(late).rejects.toMatchObject({ code: 'publish_timeout', mayBeStored: true })
    gated.open()
    await kafka.publish(topic, record('late'), GENEROUS)
    expect((await readTopic(topic)).map(read => read.key)).toEqual(['late', 'late'])
  })

  it('never stores what timed out before it was sent', async () => {
    const topic = await newTopic(1)
    const gated = gatedClient()
    const kafka = testPublisher({ client: gated.client })
    gated.shut()
    const first = kafka.publish(topic, record('first'), GENEROUS)
    await heldAtGate(gated)
    await expect(kafka.publish(topic, record('second'), { timeoutMs: 10 })).rejects.toMatchObject({
      mayBeStored: false,
    })
    gated.open()
    await first
    await kafka.publish(topic, record('third'), GENEROUS)
    expect((await readTopic(topic)).map(read => read.key)).toEqual(['first', 'third'])
  })

  it('counts Kafka as unavailable after silence, refuses at once, and recovers by itself', async () => {
    const topic = topicName()
    const kafka = testPublisher({ silenceMs: 300 })
    // no such topic: nothing can be stored
    const first = kafka.publish(topic, record('first'), GENEROUS)
    await expect(first).rejects.toBeInstanceOf(KafkaUnavailable)
    await expect(first).rejects.toMatchObject({ code: 'kafka_unavailable', retry: true })
    await applyTopics(testClient(), [{ name: topic, partitions: 1, replicationFactor: 1, config: {} }])
    const stored = await vi.waitUntil(() => kafka.publish(topic, record('second'), GENEROUS).catch(() => undefined), {
      timeout: 30_000,
      interval: 20,
    })
    expect(stored).toMatchObject({ partition: 0 })
  })

  it('says so where no broker answers, and is not available', async () => {
    // nothing listens on port 1
    const client = kafkaClient({ brokers: ['127.0.0.1:1'], clientId: 'test', log: SILENT })
    const kafka = testPublisher({ client, silenceMs: 200 })
    expect(kafka.available('any')).toBe(true)
    const waited = kafka.publish('any', record('a'), GENEROUS)
    await expect(waited).rejects.toMatchObject({ code: 'kafka_unavailable', mayBeStored: false })
    expect(kafka.available('any')).toBe(false)
    await expect(kafka.publish('any', record('b'), GENEROUS)).rejects.toMatchObject({ code: 'kafka_unavailable' })
  })

  it('is not stopped for one topic by another that is absent', async () => {
    const [present, absent] = [await newTopic(1), topicName()]
    const kafka = testPublisher({ silenceMs: 300 })
    const refused = kafka.publish(absent, record('a'), GENEROUS)
    await kafka.publish(present, record('b'), GENEROUS)
    await expect(refused).rejects.toBeInstanceOf(KafkaUnavailable)
    await kafka.publish(present, record('c'), GENEROUS)
    expect([kafka.available(present), kafka.available(absent)]).toEqual([true, false])
  })

  it('closes after what waits is stored, and takes no more', async () => {
    const topic = await newTopic(3)
    const kafka = testPublisher({ maxBatchCount: 10 })
    const waiting = keys(50).map(key => kafka.publish(topic, record(key), GENEROUS))
    const closed = kafka.close()
    await expect(kafka.publish(topic, record('late'), GENEROUS)).rejects.toBeInstanceOf(PublisherClosed)
    await closed
    await Promise.all(waiting)
    expect(await readTopic(topic)).toHaveLength(50)
  })

  it('closes in bounded time where Kafka does not answer', async () => {
    const topic = await newTopic(1)
    const gated = gatedClient()
    const kafka = testPublisher({ client: gated.client, closeLimitMs: 50 })
    gated.shut()
    const told = kafka.publish(topic, record('a'), GENEROUS).catch((error: unknown) => error)
    await heldAtGate(gated)
    await kafka.close()
    expect(await told).toMatchObject({ code: 'publisher_closed', mayBeStored: true })
    gated.open()
  })
})

describe('dead letters', () => {
  it('keep key and value byte for byte, and say why and from where', async () => {
    const topic = await newTopic(1)
    const kafka = testPublisher()
    const dead = deadLetters({ publisher: kafka, topic, timeoutMs: 30_000 })
    const source = { topic: 'points.webhook', partition: 3, offset: '9007199254740993' }
    const letter = { reason: 'unreadable', message: 'not JSON' } as const
    await dead.send([
      { record: { ...source, key: Buffer.from('order-1'), value: Buffer.from('{"a":') }, ...letter },
      { record: { ...source, key: null, value: null }, ...letter },
    ])
    const headers = {
      reason: 'unreadable',
      message: 'not JSON',
      source_topic: 'points.webhook',
      source_partition: '3',
      source_offset: '9007199254740993',
    }
    expect(await readTopic(topic)).toMatchObject([
      { key: 'order-1', value: '{"a":', headers },
      { key: undefined, value: undefined, headers },
    ])
  })

  it('leave a value that is too large where it is, and say so', async () => {
    const topic = await newTopic(1, { 'max.message.bytes': '2000' })
    const dead = deadLetters({ publisher: testPublisher(), topic, timeoutMs: 30_000 })
    const source = { topic: 'points.webhook', partition: 3, offset: '7' }
    const record = { ...source, key: Buffer.from('order-1'), value: Buffer.from('x'.repeat(3_000)) }
    await dead.send([{ record, reason: 'unreadable', message: '' }])
    expect(await readTopic(topic)).toMatchObject([
      { key: 'order-1', value: undefined, headers: { value_omitted: 'true', source_offset: '7' } },
    ])
  })

  it('reject while they are not stored', async () => {
    const dead = deadLetters({ publisher: testPublisher({ silenceMs: 100 }), topic: topicName() })
    const record = { topic: 't', partition: 0, offset: '0', key: null, value: null }
    await expect(dead.send([{ record, reason: 'too_old', message: '' }])).rejects.toBeInstanceOf(KafkaUnavailable)
  })
})

describe('a connection to Kafka', () => {
  it('sets no timer when a response comes and nothing is pending', async () => {
    const topic = await newTopic(1)
    const setTimeouts = vi.spyOn(globalThis, 'setTimeout')
    onTestFinished(() => setTimeouts.mockRestore())
    await produce(topic, [{ value: 'x' }])
    // stock kafkajs re-arms one with a negative delay after each response, which Node takes for 1 ms
    expect(
      setTimeouts.mock.calls.map(([, delayMs]) => delayMs).filter(delayMs => delayMs === undefined || delayMs <= 1),
    ).toEqual([])
    expect(setTimeouts.mock.calls.length).toBeGreaterThan(0)
  })
})
