import { applyTopics } from '@hookline/kafka'
import { asAdmin } from '../../../packages/kafka/test/secure/secured.ts'
import { setConfig } from '../../../packages/kafka/test/set-config.ts'
import { localKafkaClient } from '../../../packages/local/src/kafka-client.ts'
import { topicsOf } from './ingress-process.ts'

/** The ingress's topics on a Kafka of its own, each to be broken by itself. */
export function ownTopics(broker: string, options?: { replicationFactor?: number }) {
  const client = localKafkaClient(broker)
  const only = (name: string, config?: Record<string, string>) =>
    topicsOf(config, options).filter(topic => topic.name === name)
  return {
    make: () => applyTopics(client, topicsOf({}, options)),
    makeAgain: (name: string) => applyTopics(client, only(name)),
    remove: (name: string) => asAdmin(broker, admin => admin.deleteTopics({ topics: [name] })),
    /** Its settings become those that it must have, but for `config`. */
    async set(name: string, config: Record<string, string>): Promise<void> {
      for (const topic of only(name, config)) await setConfig(broker, name, topic.config)
    },
  }
}
