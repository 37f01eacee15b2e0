import { catalogues } from '@hookline/contracts'
import { describeTopics, type KafkaClient, lag as groupLag, type PartitionLag } from '@hookline/kafka'
import type { Answer } from '../answer.ts'
import { askKafka } from '../ask-kafka.ts'
import { type Config, servicesAsked } from '../config.ts'
import { Failure } from '../failure.ts'
import { lagText } from '../text/lag-text.ts'

const TOPICS = Object.values(catalogues).map(({ topic }) => topic)

export interface LagDocument {
  /** Records that the services have not taken yet, all together. */
  total: number
  services: Record<string, { lag: number; topics: Record<string, TopicLag> }>
}

export interface TopicLag {
  /** Records that the service has not taken yet. */
  lag: number
  partitions: readonly { partition: number; end: number; committed: number | null; lag: number }[]
}

export interface LagOptions {
  service?: string
  partitions?: boolean
  /** Those of the sources by default. */
  topics?: readonly string[]
}

/** How far each service is behind in each topic. */
export async function lag(config: Config, { service, partitions, topics = TOPICS }: LagOptions): Promise<Answer> {
  const names = servicesAsked(config, service)
  const found = await askKafka(config, async client => {
    await requireTopics(client, topics)
    const lags = await Promise.all(names.map(async name => [name, await groupLag(client, name, topics)] as const))
    return new Map(lags)
  })
  const document = lagDocument(found)
  return { document, text: () => lagText(document, { partitions: partitions ?? false }) }
}

async function requireTopics(client: KafkaClient, topics: readonly string[]): Promise<void> {
  const there = await describeTopics(client, topics)
  const absent = topics.filter(topic => !there.has(topic))
  if (absent.length === 0) return
  throw new Failure('no', `Kafka has no topic ${absent.join(', ')}: make them with \`hookline topics apply\`.`)
}

export function lagDocument(found: ReadonlyMap<string, readonly PartitionLag[]>): LagDocument {
  const services = Object.fromEntries(
    [...found].map(([service, partitions]) => {
      const topics = [...Map.groupBy(partitions, ({ topic }) => topic)].map(
        ([topic, parts]) => [topic, topicLag(parts)] as const,
      )
      return [service, { lag: sum(partitions), topics: Object.fromEntries(topics) }]
    }),
  )
  return { total: sum(Object.values(services)), services }
}

function topicLag(parts: readonly PartitionLag[]): TopicLag {
  return {
    lag: sum(parts),
    partitions: parts.map(({ partition, endOffset, committed, lag }) => ({
      partition,
      end: Number(endOffset),
      committed: committed === null ? null : Number(committed),
      lag,
    })),
  }
}

function sum(parts: readonly { lag: number }[]): number {
  return parts.reduce((total, { lag }) => total + lag, 0)
}
