import type { KafkaClient } from './client.ts'
import { describeTopics } from './describe-topics.ts'
import type { TopicState } from './describe-topics.ts'

/** What a topic must at least have for this environment. */
export interface TopicPolicy {
  readonly minReplicationFactor: number
  readonly minInsyncReplicas: number
}

/** The topics are not fit to be relied on: the process must not start. The message names each problem and its cure. */
export class TopicsRefused extends Error {
  readonly code = 'topics_refused'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`Kafka's topics are not as they must be:\n${problems.map(problem => `- ${problem}`).join('\n')}`)
    this.name = 'TopicsRefused'
    this.problems = problems
  }
}

/** Resolves with the topics as they are, in the order of `names`; rejects with `TopicsRefused`. */
export async function checkTopics(
  client: KafkaClient,
  names: readonly string[],
  policy: TopicPolicy,
): Promise<readonly TopicState[]> {
  const found = await describeTopics(client, names)
  const problems = names.flatMap(name => topicProblems(name, found.get(name), policy))
  if (problems.length > 0) throw new TopicsRefused(problems)
  return names.flatMap(name => found.get(name) ?? [])
}

/** One sentence for each thing that is wrong, with what to set. */
export function topicProblems(name: string, topic: TopicState | undefined, policy: TopicPolicy): readonly string[] {
  if (topic === undefined) return [`${name} does not exist: create it with \`hookline topics apply\``]
  const { config, replicationFactor } = topic
  const problems: string[] = []
  if (replicationFactor < policy.minReplicationFactor) {
    problems.push(
      `${name} has replication ${replicationFactor}: raise it to ${policy.minReplicationFactor} with kafka-reassign-partitions.sh`,
    )
  }
  if (!(Number(config['min.insync.replicas']) >= policy.minInsyncReplicas)) {
    problems.push(
      `${name} has min.insync.replicas=${config['min.insync.replicas']}: set min.insync.replicas=${policy.minInsyncReplicas}`,
    )
  }
  if (config['cleanup.policy'] !== 'delete') {
    // compaction would keep only the newest event of each order
    problems.push(`${name} has cleanup.policy=${config['cleanup.policy']}: set cleanup.policy=delete`)
  }
  if (config['message.timestamp.type'] !== 'LogAppendTime') {
    // Kafka 4 refuses records stamped more than an hour ahead
    problems.push(
      `${name} has message.timestamp.type=${config['message.timestamp.type']}: set message.timestamp.type=LogAppendTime`,
    )
  }
  return problems
}
