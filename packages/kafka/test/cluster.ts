import { randomUUID } from 'node:crypto'
import kafkajs from 'kafkajs'
import { inject, onTestFinished } from 'vitest'
import { applyTopics, kafkaClient, recordSource } from '../src/index.ts'
import type { KafkaClient, KafkaLog, KafkaRecordSource, RecordSourceOptions } from '../src/index.ts'

export const SILENT: KafkaLog = { debug() {}, info() {}, warn() {}, error() {} }

export function testClient(log: KafkaLog = SILENT, clientId = 'hookline-test'): KafkaClient {
  return kafkaClient({ brokers: [inject('kafkaBrokers')], clientId, log })
}

/** kafkajs as it is, for what this package does not offer. */
export function bareKafka(): kafkajs.Kafka {
  return new kafkajs.Kafka({ brokers: [inject('kafkaBrokers')], logLevel: kafkajs.logLevel.NOTHING })
}

export async function withBareAdmin<T>(ask: (admin: kafkajs.Admin) => Promise<T>): Promise<T> {
  const admin = bareKafka().admin()
  await admin.connect()
  try {
    return await ask(admin)
  } finally {
    await admin.disconnect()
  }
}

/** A name that nobody else has; the topic is removed when the test ends. */
export function topicName(): string {
  const name = `test.${randomUUID()}`
  onTestFinished(async () => {
    // absent where the test never made it
    await withBareAdmin(admin => admin.deleteTopics({ topics: [name] })).catch(() => undefined)
  })
  return name
}

export async function newTopic(partitions = 1, config: Record<string, string> = {}): Promise<string> {
  const name = topicName()
  await applyTopics(testClient(), [{ name, partitions, replicationFactor: 1, config }])
  return name
}

export interface ReadRecord {
  readonly partition: number
  readonly offset: string
  readonly key: string | undefined
  readonly value: string | undefined
  readonly headers: Record<string, string>
}

/** All of a topic from offset 0, partition by partition. */
export async function readTopic(topic: string): Promise<readonly ReadRecord[]> {
  const ends = await withBareAdmin(admin => admin.fetchTopicOffsets(topic))
  let left = ends.reduce((count, { low, high }) => count + Number(high) - Number(low), 0)
  if (left === 0) return []
  const consumer = bareKafka().consumer({ groupId: `read.${randomUUID()}`, maxWaitTimeInMs: 50 })
  const read: ReadRecord[] = []
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  const complete = Promise.withResolvers<void>()
  await consumer.run({
    eachMessage: ({ partition, message: { offset, key, value, headers } }) => {
      const texts = Object.entries(headers ?? {}).map(([name, text]) => [name, String(text)])
      read.push({
        partition,
        offset,
        key: key?.toString(),
        value: value?.toString(),
        headers: Object.fromEntries(texts),
      })
      left -= 1
      if (left === 0) complete.resolve()
      return Promise.resolve()
    },
  })
  await complete.promise
  await consumer.disconnect()
  return read.sort((a, b) => a.partition - b.partition || Number(a.offset) - Number(b.offset))
}

/** Writes past the publisher. Without a partition the key decides. */
export async function produce(
  topic: string,
  messages: kafkajs.Message[],
  compression = kafkajs.CompressionTypes.None,
): Promise<void> {
  const producer = bareKafka().producer({
    allowAutoTopicCreation: false,
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
  })
  await producer.connect()
  await producer.send({ topic, messages, compression })
  await producer.disconnect()
}

/** A source that is closed when the test ends. */
export function testSource(
  options: Omit<RecordSourceOptions, 'client'> & Partial<Pick<RecordSourceOptions, 'client'>>,
): KafkaRecordSource {
  const source = recordSource({ client: testClient(), sessionTimeoutMs: 10_000, metadataMaxAgeMs: 1_000, ...options })
  onTestFinished(() => source.close())
  return source
}

export function groupName(): string {
  const name = `test.${randomUUID()}`
  onTestFinished(async () => {
    await withBareAdmin(admin => admin.deleteGroups([name])).catch(() => undefined)
  })
  return name
}
