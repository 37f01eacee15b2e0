import { randomUUID } from 'node:crypto'
import { lag } from '@hookline/kafka'
import type { StackInfo } from '../../src/stack-file.ts'
import { localKafkaClient } from '../../src/kafka-client.ts'
import { waitFor } from '../../src/wait-for.ts'

export const PATIENCE = {
  connectionTimeoutMs: 3_000,
  requestTimeoutMs: 15_000,
  retries: 5,
  firstRetryMs: 200,
  maxRetryMs: 2_000,
}
const SOURCE_TOPICS = ['points.webhook', 'hc.webhook']
const BEFORE_BODY = ',"data":'

type Where = Pick<StackInfo, 'kafka'>

function kafkaOf({ kafka }: Where) {
  return localKafkaClient(kafka).kafkajs(PATIENCE)
}

/** Records behind, in all partitions of all sources. */
export async function lagOf({ kafka }: StackInfo, groupId: string): Promise<number> {
  const lags = await lag(localKafkaClient(kafka), groupId, SOURCE_TOPICS)
  return lags.reduce((sum, one) => sum + one.lag, 0)
}

/** Takes a group's offsets away, so that it begins at the start. Kafka refuses it while the group has a member. */
export async function setBackToStart(info: StackInfo, groupId: string): Promise<void> {
  const admin = kafkaOf(info).admin()
  await admin.connect()
  try {
    await admin.deleteGroups([groupId])
  } finally {
    await admin.disconnect()
  }
}

/** The bodies of all records of the sources' topics, from offset 0 to the end, as they came in. */
export async function bodiesInTopics(info: Where): Promise<ReadonlySet<string>> {
  const values = await valuesIn(info, SOURCE_TOPICS)
  return new Set(values.map(text => text.slice(text.indexOf(BEFORE_BODY) + BEFORE_BODY.length, -1)))
}

/** The values of all records of these topics, from offset 0 to the end. */
export async function valuesIn(info: Where, topics: readonly string[]): Promise<readonly string[]> {
  const kafka = kafkaOf(info)
  const values: string[] = []
  const left = new Map<string, bigint>()
  const admin = kafka.admin()
  await admin.connect()
  for (const topic of topics) {
    for (const { partition, high } of await admin.fetchTopicOffsets(topic)) {
      if (high !== '0') left.set(`${topic}/${partition}`, BigInt(high) - 1n)
    }
  }
  await admin.disconnect()

  // leaving waits for the last fetch, by default for five seconds
  const consumer = kafka.consumer({ groupId: `dump-${randomUUID()}`, maxWaitTimeInMs: 100 })
  await consumer.connect()
  try {
    await consumer.subscribe({ topics: [...topics], fromBeginning: true })
    await consumer.run({
      eachMessage: async ({ topic, partition, message: { offset, value } }) => {
        values.push(value?.toString('utf8') ?? '')
        const place = `${topic}/${partition}`
        if (BigInt(offset) >= (left.get(place) ?? 0n)) left.delete(place)
      },
    })
    await waitFor('the last record of each partition', async () => (left.size === 0 ? true : undefined), {
      limitMs: 60_000,
    })
  } finally {
    await consumer.disconnect()
  }
  return values
}
