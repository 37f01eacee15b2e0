import { setTimeout as delay } from 'node:timers/promises'
import kafkajs from 'kafkajs'
import type { Admin } from 'kafkajs'
import { withAdmin } from './admin.ts'
import type { KafkaClient } from './client.ts'
import { readTopics } from './describe-topics.ts'
import { kindsOf } from './error-facts.ts'
import { planTopics } from './topic-plan.ts'
import type { TopicStep, WantedTopic } from './topic-plan.ts'

const READY_LIMIT_MS = 30_000
const NOT_YET = ['UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE', 'NOT_LEADER_FOR_PARTITION']

/**
 * Creates and changes what is missing, waits until the topics take records, and resolves with what was done; steps `by_hand`
 * were not. Safe to repeat.
 */
export function applyTopics(client: KafkaClient, wanted: readonly WantedTopic[]): Promise<readonly TopicStep[]> {
  return withAdmin(client, async admin => {
    const found = await readTopics(
      admin,
      wanted.map(topic => topic.name),
    )
    const steps = planTopics(found, wanted)
    for (const step of steps) await take(admin, step)
    const touched = new Set(steps.filter(step => step.kind !== 'by_hand').map(nameOf))
    for (const topic of wanted) if (touched.has(topic.name)) await untilReady(admin, topic)
    return steps
  })
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

async function untilReady(admin: Admin, topic: WantedTopic): Promise<void> {
  const deadline = performance.now() + READY_LIMIT_MS
  while (performance.now() < deadline) {
    if (await isReady(admin, topic)) return
    await delay(50)
  }
  throw new Error(`${topic.name} is not as wanted, or not led by a broker, after ${READY_LIMIT_MS / 1_000} s`)
}

/** The broker shows what the controller decided, and each leader answers for its partitions. */
async function isReady(admin: Admin, topic: WantedTopic): Promise<boolean> {
  try {
    const left = planTopics(await readTopics(admin, [topic.name]), [topic])
    if (left.some(step => step.kind !== 'by_hand')) return false
    return (await admin.fetchTopicOffsets(topic.name)).length >= topic.partitions
  } catch (error) {
    const kinds = kindsOf(error)
    if (NOT_YET.some(kind => kinds.has(kind))) return false
    throw error
  }
}

function settings(config: Readonly<Record<string, string>>): { name: string; value: string }[] {
  return Object.entries(config).map(([name, value]) => ({ name, value }))
}
