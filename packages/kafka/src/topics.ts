import kafkajs from 'kafkajs'
import type { Admin } from 'kafkajs'
import { withAdmin } from './admin.ts'
import type { KafkaClient } from './client.ts'
import { readTopics } from './describe-topics.ts'
import { planTopics } from './topic-plan.ts'
import type { TopicStep, WantedTopic } from './topic-plan.ts'

/** Creates and changes what is missing, and resolves with what was done; steps `by_hand` were not. Safe to repeat. */
export function applyTopics(client: KafkaClient, wanted: readonly WantedTopic[]): Promise<readonly TopicStep[]> {
  return withAdmin(client, async admin => {
    const found = await readTopics(
      admin,
      wanted.map(topic => topic.name),
    )
    const steps = planTopics(found, wanted)
    for (const step of steps) await take(admin, step)
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
        waitForLeaders: true,
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

function settings(config: Readonly<Record<string, string>>): { name: string; value: string }[] {
  return Object.entries(config).map(([name, value]) => ({ name, value }))
}
