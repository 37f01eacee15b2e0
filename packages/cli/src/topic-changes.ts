import type { TopicStep, WantedTopic } from '@hookline/kafka'
import type { WantedTopics } from './wanted-topics.ts'

/** A step of a plan, for people and as JSON. */
export interface Change {
  step: TopicStep['kind']
  topic: string
  detail: string
}

/** What `plan` and `apply` tell. */
export interface ChangesDocument {
  file: string
  profile: string | null
  brokers: readonly string[]
  /** How many topics the file names. */
  topics: number
  /** What Kafka cannot do, or what moves data: nothing is done about it. */
  refused: readonly Change[]
}

export function changesOf(
  steps: readonly TopicStep[],
  { file, profile, wanted }: WantedTopics,
  brokers: readonly string[],
): { head: ChangesDocument; possible: readonly Change[] } {
  const changes = steps.map(changeOf)
  const refused = changes.filter(({ step }) => step === 'by_hand')
  return {
    head: { file, profile: profile ?? null, brokers, topics: wanted.length, refused },
    possible: changes.filter(({ step }) => step !== 'by_hand'),
  }
}

function changeOf(step: TopicStep): Change {
  switch (step.kind) {
    case 'create':
      return { step: step.kind, topic: step.topic.name, detail: shapeOf(step.topic) }
    case 'add_partitions':
      return { step: step.kind, topic: step.name, detail: `${step.from} to ${step.to} partitions` }
    case 'set_config': {
      const changes = Object.entries(step.changes).map(([key, { from, to }]) => `${key} ${from ?? 'unset'} to ${to}`)
      return { step: step.kind, topic: step.name, detail: changes.join(', ') }
    }
    case 'by_hand':
      return { step: step.kind, topic: step.name, detail: `${step.reason}: ${step.cure}` }
  }
}

function shapeOf({ partitions, replicationFactor }: WantedTopic): string {
  return `${partitions} partitions, replication ${replicationFactor}`
}
