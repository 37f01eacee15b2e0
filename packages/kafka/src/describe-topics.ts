import kafkajs from 'kafkajs'
import type { Admin, ITopicMetadata } from 'kafkajs'
import { withAdmin } from './admin.ts'
import type { KafkaClient } from './client.ts'
import { kindsOf } from './error-facts.ts'

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
  const states = new Map<string, TopicState>()
  // one by one: kafkajs fails a whole answer for one topic that is absent, or for any topic of the cluster without leader
  for (const name of names) {
    const topic = await readPartitions(admin, name)
    if (topic === undefined) continue
    const query = { includeSynonyms: false, resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name }] }
    const { resources } = await admin.describeConfigs(query)
    const entries = resources[0]?.configEntries ?? []
    states.set(name, {
      name,
      partitions: topic.partitions.length,
      replicationFactor: Math.min(...topic.partitions.map(partition => partition.replicas.length)),
      config: Object.fromEntries(entries.map(entry => [entry.configName, entry.configValue])),
      ownConfig: entries
        .filter(entry => entry.configSource === kafkajs.ConfigSource.TOPIC_CONFIG)
        .map(entry => entry.configName),
    })
  }
  return states
}

/** `undefined` where the topic is absent. */
async function readPartitions(admin: Admin, name: string): Promise<ITopicMetadata | undefined> {
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [name] })
    return topics[0]
  } catch (error) {
    if (kindsOf(error).has('UNKNOWN_TOPIC_OR_PARTITION')) return undefined
    throw error
  }
}
