import kafkajs from 'kafkajs'
import type { Admin } from 'kafkajs'
import { withAdmin } from './admin.ts'
import { askUntil } from './ask-until.ts'
import type { KafkaClient } from './client.ts'
import { readTopics } from './describe-topics.ts'
import { planTopics } from './topic-plan.ts'
import type { TopicStep, WantedTopic } from './topic-plan.ts'

const BASE_LIMIT_MS = 60_000
const LIMIT_PER_TOPIC_MS = 35_000

/**
 * Creates and changes what is missing, waits until the topics take records, and resolves with what was done; steps `by_hand`
 * were not. Safe to repeat.
 */
export function applyTopics(client: KafkaClient, wanted: readonly WantedTopic[]): Promise<readonly TopicStep[]> {
  const make = async (admin: Admin) => {
    const found = await readTopics(
      admin,
      wanted.map(topic => topic.name),
    )
    const steps = planTopics(found, wanted)
    for (const step of steps) await take(admin, step)
    const touched = new Set(steps.filter(step => step.kind !== 'by_hand').map(nameOf))
    for (const topic of wanted) {
      if (touched.has(topic.name)) await askUntil(`${topic.name} as wanted`, () => ready(admin, topic))
    }
    return steps
  }
  // it waits for each topic to come about
  return withAdmin(client, make, { limitMs: BASE_LIMIT_MS + wanted.length * LIMIT_PER_TOPIC_MS })
}

async function take(admin: Admin, step: TopicStep): Promise<void> {
  switch (step.kind) {
    case 'create': {
      const { name, partitions, replicationFactor, config } = step.topic
      const configEntries = settings(config)
      // resolves false where somebody else was first
      await admin.createTopics({
        // kafkajs's own wait fails where the broker does not know the topic yet, which is normal with KRaft
        waitForLeaders: false,
        topics: [{ topic: name, numPartitions: partitions, replicationFactor, configEntries }],
      })
      return
    }
    case 'add_partitions':
      await admin.createPartitions({ topicPartitions: [{ topic: step.name, count: step.to }] })
      return
    case 'set_config': {
      const configEntries = settings(step.ownConfig)
      await admin.alterConfigs({
        validateOnly: false,
        resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: step.name, configEntries }],
      })
      return
    }
    case 'by_hand':
  }
}

function nameOf(step: TopicStep): string {
  return step.kind === 'create' ? step.topic.name : step.name
}

/** The broker shows what the controller decided, and each leader answers for its partitions. */
async function ready(admin: Admin, topic: WantedTopic): Promise<true | undefined> {
  const left = planTopics(await readTopics(admin, [topic.name]), [topic])
  if (left.some(step => step.kind !== 'by_hand')) return undefined
  const offsets = await admin.fetchTopicOffsets(topic.name)
  return offsets.length >= topic.partitions ? true : undefined
}

function settings(config: Readonly<Record<string, string>>): { name: string; value: string }[] {
  return Object.entries(config).map(([name, value]) => ({ name, value }))
}
