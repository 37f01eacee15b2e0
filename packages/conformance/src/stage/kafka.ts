import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { catalogues } from '@hookline/contracts'
import {
  applyTopics,
  type KafkaClient,
  lag,
  parseTopics,
  partitionOf,
  publisher,
  type PublishRecord,
} from '@hookline/kafka'
import { localKafkaClient, REPOSITORY } from '@hookline/local'
import { PARTITIONS } from '../events/order.ts'

const PATIENCE = {
  connectionTimeoutMs: 3_000,
  requestTimeoutMs: 15_000,
  retries: 8,
  firstRetryMs: 100,
  maxRetryMs: 1_000,
}
const PUBLISH_LIMIT_MS = 30_000

const SOURCE_TOPICS = Object.values(catalogues).map(({ topic }) => topic)

/** The group of the service, as Kafka knows it. */
interface Group {
  /** Kafka's own word, such as `Stable`. */
  readonly state: string
  /** Kafka gives a member a new id when it threw it out. */
  readonly members: readonly string[]
}

/** What the suite asks of Kafka. */
export interface KafkaSide {
  publish(topic: string, record: PublishRecord): Promise<void>
  /** Puts a value that no service can read into each partition of a topic. */
  publishToAll(topic: string, value: Buffer): Promise<void>
  group(): Promise<Group>
  /** Records that the group has not committed, in all partitions of all sources. */
  lag(): Promise<number>
  /** Takes the group's offsets away, so that it begins at the first record. It must have no member. */
  backToStart(): Promise<void>
  close(): Promise<void>
}

/** Makes the sources' topics and the service's own, and stays connected. */
export async function kafkaSide(brokers: string, service: string): Promise<KafkaSide> {
  const client = localKafkaClient(brokers)
  await makeTopics(client, service)
  const records = publisher({ client })
  const admin = client.kafkajs(PATIENCE).admin()
  await admin.connect()
  return {
    async publish(topic, record) {
      await records.publish(topic, record, { timeoutMs: PUBLISH_LIMIT_MS })
    },
    async publishToAll(topic, value) {
      const keys = Array.from({ length: PARTITIONS }, (_, partition) => keyIn(partition))
      await Promise.all(keys.map(key => records.publish(topic, { key, value }, { timeoutMs: PUBLISH_LIMIT_MS })))
    },
    async group() {
      const { groups } = await admin.describeGroups([service])
      const { state = 'Dead', members = [] } = groups[0] ?? {}
      return { state, members: members.map(({ memberId }) => memberId).toSorted() }
    },
    async lag() {
      const lags = await lag(client, service, SOURCE_TOPICS)
      return lags.reduce((sum, one) => sum + one.lag, 0)
    },
    async backToStart() {
      await admin.deleteGroups([service])
    },
    async close() {
      await records.close()
      await admin.disconnect()
    },
  }
}

async function makeTopics(client: KafkaClient, service: string): Promise<void> {
  const wanted = parseTopics(await readFile(join(REPOSITORY, 'infra/topics.yaml'), 'utf8'), 'local')
  const dead = `${service}.dead`
  const like = wanted.find(({ name }) => name === dead) ?? wanted.find(({ name }) => name === SOURCE_TOPICS[0])
  if (like === undefined) throw new Error('infra/topics.yaml does not have the topics of the sources')
  const sources = wanted.filter(({ name }) => SOURCE_TOPICS.includes(name))
  await applyTopics(client, [...sources.map(topic => ({ ...topic, partitions: PARTITIONS })), { ...like, name: dead }])
}

/** A key that Kafka's own partitioner puts there. */
function keyIn(partition: number): string {
  for (let n = 0; ; n++) if (partitionOf(Buffer.from(`key-${n}`), PARTITIONS) === partition) return `key-${n}`
}
