import { checkTopics, kafkaClient, kafkaRefusal, publisher, TopicsRefused } from '@hookline/kafka'
import type { KafkaClient, Publisher, TopicState } from '@hookline/kafka'
import { securityOf } from './kafka-config.ts'
import { kafkaLog } from './kafka-log.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import { brokersOf } from './shared-config.ts'
import type { SharedConfig } from './shared-config.ts'
import { StartRefused } from './start-refused.ts'

/** Kafka as the environment names it. */
export function serviceKafka(clientId: string, config: SharedConfig, log: Log): KafkaClient {
  return kafkaClient({
    brokers: brokersOf(config),
    clientId,
    log: kafkaLog(log),
    security: () => securityOf(config),
  })
}

/** Rejects with `StartRefused` where Kafka refuses this process, or a topic is absent or not safe enough. */
export async function requireTopics(
  client: KafkaClient,
  names: readonly string[],
  config: Pick<SharedConfig, 'KAFKA_REPLICATION_MIN'>,
): Promise<readonly TopicState[]> {
  const minReplicationFactor = config.KAFKA_REPLICATION_MIN
  // one replica may be away without a write being refused
  const minInsyncReplicas = Math.max(1, minReplicationFactor - 1)
  try {
    return await checkTopics(client, names, { minReplicationFactor, minInsyncReplicas })
  } catch (error) {
    if (error instanceof TopicsRefused) throw new StartRefused(error.problems)
    const refusal = kafkaRefusal(error)
    if (refusal !== undefined) throw new StartRefused([refusal.sentence])
    throw error
  }
}

export interface ServicePublisherOptions {
  readonly name: string
  readonly config: SharedConfig
  readonly log: Log
  readonly metrics: Metrics
  readonly topics: readonly string[]
  /** The largest record that will be published to them, key and headers included, in bytes. */
  readonly maxRecordBytes: number
}

/** Checks the topics, then opens a publisher for them; who opens it closes it. */
export async function openPublisher(options: ServicePublisherOptions): Promise<Publisher> {
  const { name, config, log, metrics, topics, maxRecordBytes } = options
  const client = serviceKafka(name, config, log)
  const problems = sizeProblems(await requireTopics(client, topics, config), maxRecordBytes)
  if (problems.length > 0) throw new StartRefused(problems)
  const opened = publisher({ client })
  opened.prepare(topics)
  metrics.gauge({
    name: 'hookline_publisher_waiting_records',
    help: 'Records that wait for Kafka to store them.',
    read: () => opened.load().waiting,
  })
  metrics.gauge({
    name: 'hookline_publisher_waiting_bytes',
    help: 'Bytes of the records that wait for Kafka to store them.',
    read: () => opened.load().waitingBytes,
  })
  metrics.gaugeOf({
    name: 'hookline_publisher_partitions',
    help: 'Partitions that records go to; 0 while there is no connection to Kafka.',
    label: 'topic',
    values: topics,
    read: topic => opened.partitions(topic),
  })
  return opened
}

/** A record that its topic cannot hold would be refused for our own fault, every time that its sender tries again. */
function sizeProblems(topics: readonly TopicState[], maxRecordBytes: number): string[] {
  return topics.flatMap(({ name, config }) => {
    const largest = Number(config['max.message.bytes'])
    return largest >= maxRecordBytes
      ? []
      : [
          `${name} has max.message.bytes=${largest}: set max.message.bytes=2097152; records have up to ${maxRecordBytes}`,
        ]
  })
}
