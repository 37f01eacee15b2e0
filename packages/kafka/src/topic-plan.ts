import type { TopicState } from './describe-topics.ts'

/** A topic as `infra/topics.yaml` wants it, defaults merged in. */
export interface WantedTopic {
  readonly name: string
  readonly partitions: number
  readonly replicationFactor: number
  /** Kafka's own names, such as `retention.ms`. */
  readonly config: Readonly<Record<string, string>>
}

export type TopicStep =
  | { readonly kind: 'create'; readonly topic: WantedTopic }
  | { readonly kind: 'add_partitions'; readonly name: string; readonly from: number; readonly to: number }
  | {
      readonly kind: 'set_config'
      readonly name: string
      readonly changes: Readonly<Record<string, { readonly from: string | undefined; readonly to: string }>>
      /** All own settings of the topic afterwards: Kafka's AlterConfigs drops what it is not given. */
      readonly ownConfig: Readonly<Record<string, string>>
    }
  /** Left as it is: Kafka cannot do it (fewer partitions), or it moves data (replication). A person decides. */
  | { readonly kind: 'by_hand'; readonly name: string; readonly reason: string; readonly cure: string }

/** What has to be done so that the topics that are `found` become those `wanted`; empty when nothing has to. */
export function planTopics(
  found: ReadonlyMap<string, TopicState>,
  wanted: readonly WantedTopic[],
): readonly TopicStep[] {
  return wanted.flatMap(topic => {
    const state = found.get(topic.name)
    return state === undefined ? [{ kind: 'create', topic } as const] : stepsFor(state, topic)
  })
}

function stepsFor(found: TopicState, wanted: WantedTopic): TopicStep[] {
  const { name } = wanted
  const steps: TopicStep[] = []
  if (found.partitions < wanted.partitions) {
    steps.push({ kind: 'add_partitions', name, from: found.partitions, to: wanted.partitions })
  }
  if (found.partitions > wanted.partitions) {
    const reason = `has ${found.partitions} partitions, ${wanted.partitions} are wanted; Kafka cannot take partitions away`
    steps.push({ kind: 'by_hand', name, reason, cure: `write partitions: ${found.partitions} into the file` })
  }
  if (found.replicationFactor !== wanted.replicationFactor) {
    const reason = `has replication ${found.replicationFactor}, ${wanted.replicationFactor} is wanted; that moves data`
    const cure = `use kafka-reassign-partitions.sh, or write replication_factor: ${found.replicationFactor} into the file`
    steps.push({ kind: 'by_hand', name, reason, cure })
  }
  const different = Object.entries(wanted.config).filter(([key, value]) => found.config[key] !== value)
  if (different.length > 0) {
    const changes = Object.fromEntries(different.map(([key, to]) => [key, { from: found.config[key], to }]))
    const kept = Object.fromEntries(found.ownConfig.map(key => [key, found.config[key] ?? '']))
    steps.push({ kind: 'set_config', name, changes, ownConfig: { ...kept, ...wanted.config } })
  }
  return steps
}
