import kafkajs from 'kafkajs'
import type { Admin } from 'kafkajs'
import { withAdmin } from './admin.ts'
import type { KafkaClient } from './client.ts'

/** A topic as the cluster has it. */
export interface TopicState {
  readonly name: string
  readonly partitions: number
  /** Of the partition that has the fewest replicas. */
  readonly replicationFactor: number
  /** Every setting in force, defaults of the cluster included, by its Kafka name such as `retention.ms`. */
  readonly config: Readonly<Record<string, string>>
  /** Names of the settings that were set for this topic itself. */
  readonly ownConfig: readonly string[]
}

/** Topics that are absent in the cluster are absent in the answer. */
export function describeTopics(
  client: KafkaClient,
  names: readonly string[],
): Promise<ReadonlyMap<string, TopicState>> {
  return withAdmin(client, admin => readTopics(admin, names))
}

export async function readTopics(admin: Admin, names: readonly string[]): Promise<ReadonlyMap<string, TopicState>> {
  const existing = new Set(await admin.listTopics())
  const present = names.filter(name => existing.has(name))
  // with an empty list kafkajs would describe every topic of the cluster
  if (present.length === 0) return new Map()
  const { topics } = await admin.fetchTopicMetadata({ topics: present })
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: present.map(name => ({ type: kafkajs.ConfigResourceTypes.TOPIC, name })),
  })
  const configs = new Map(resources.map(resource => [resource.resourceName, resource.configEntries]))
  return new Map(
    topics.map(({ name, partitions }) => {
      const entries = configs.get(name) ?? []
      const state: TopicState = {
        name,
        partitions: partitions.length,
        replicationFactor: Math.min(...partitions.map(partition => partition.replicas.length)),
        config: Object.fromEntries(entries.map(entry => [entry.configName, entry.configValue])),
        ownConfig: entries
          .filter(entry => entry.configSource === kafkajs.ConfigSource.TOPIC_CONFIG)
          .map(entry => entry.configName),
      }
      return [name, state]
    }),
  )
}
