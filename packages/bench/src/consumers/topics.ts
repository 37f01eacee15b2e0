import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { applyTopics, parseTopics, type WantedTopic } from '@hookline/kafka'
import { localKafkaClient, REPOSITORY, waitFor } from '@hookline/local'
import { Kafka, logLevel } from 'kafkajs'
import type { Stage } from '../stage.ts'

const GONE_WITHIN_MS = 30_000

/** Topics like that of the webhooks of Points. */
export async function makeTopics({ brokers }: Pick<Stage, 'brokers'>, names: readonly string[]): Promise<void> {
  const like = await webhookTopic()
  await applyTopics(
    localKafkaClient(brokers),
    names.map(name => ({ ...like, name })),
  )
}

/** The topic of the webhooks of Points, empty and with so many partitions. Nobody reads it meanwhile. */
export async function remakeWebhookTopic({ brokers, session }: Stage, partitions: number): Promise<void> {
  const topic = await webhookTopic()
  const admin = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  try {
    await admin.deleteTopics({ topics: [topic.name] })
    const isGone = async () => ((await admin.listTopics()).includes(topic.name) ? undefined : true)
    await waitFor(`the end of ${topic.name}`, isGone, { limitMs: GONE_WITHIN_MS, signal: session.signal })
  } finally {
    await admin.disconnect()
  }
  await applyTopics(localKafkaClient(brokers), [{ ...topic, partitions }])
}

async function webhookTopic(): Promise<WantedTopic> {
  const all = parseTopics(await readFile(join(REPOSITORY, 'infra/topics.yaml'), 'utf8'), 'local')
  const topic = all.find(({ name }) => name === 'points.webhook')
  if (topic === undefined) throw new Error('there is no topic of the webhooks of Points')
  return topic
}
