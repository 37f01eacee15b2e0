import {
  describeTopics,
  planTopics,
  topicProblems,
  type TopicPolicy,
  type TopicState,
  type TopicStep,
  type WantedTopic,
} from '@hookline/kafka'
import type { Answer, Look } from '../answer.ts'
import { askKafka } from '../ask-kafka.ts'
import type { Config } from '../config.ts'
import { topicsTitle } from '../text/changes-text.ts'
import { paragraph } from '../text/paragraph.ts'
import { type TopicsFileOptions, wantedTopics } from '../wanted-topics.ts'

interface CheckedDocument {
  file: string
  profile: string | null
  brokers: readonly string[]
  /** How many topics the file names. */
  topics: number
  problems: readonly Problem[]
}

/** Where a topic is not what the file says, or where the services would refuse to start although it is. */
interface Problem {
  topic: string
  problem: string
  /** What to do about it. */
  cure: string
}

/** Whether the topics are what the file says and what the services rely on; for CI and monitoring. */
export async function topicsCheck(config: Config, options: TopicsFileOptions): Promise<Answer> {
  const { file, profile, wanted } = wantedTopics(config, options)
  const names = wanted.map(({ name }) => name)
  const found = await askKafka(config, client => describeTopics(client, names))
  const minReplicationFactor = config.replicationMin
  // as the services have it: one replica may be away without a write being refused
  const policy = { minReplicationFactor, minInsyncReplicas: Math.max(1, minReplicationFactor - 1) }
  const problems = wanted.flatMap(topic => problemsOf(found.get(topic.name), topic, policy))
  const document: CheckedDocument = {
    file,
    profile: profile ?? null,
    brokers: config.brokers,
    topics: wanted.length,
    problems,
  }
  return {
    document,
    text: look => checkedText(document, look),
    ...(problems.length > 0 && { problem: 'The topics are not as they must be.' }),
  }
}

function problemsOf(found: TopicState | undefined, wanted: WantedTopic, policy: TopicPolicy): readonly Problem[] {
  const topic = wanted.name
  const different = planTopics(new Map(found && [[topic, found]]), [wanted]).map(step => ({
    topic,
    ...difference(step),
  }))
  if (found === undefined) return different
  // what `apply` would mend is said already: is the file itself good enough?
  const { replicationFactor } = wanted
  const applied = { ...found, replicationFactor, config: { ...found.config, ...wanted.config } }
  const refused = topicProblems(topic, applied, policy).map(sentence => ({
    topic,
    problem: `the services refuse to start: ${sentence}`,
    cure: 'write that into the file, then `hookline topics apply`',
  }))
  return [...different, ...refused]
}

function difference(step: TopicStep): Omit<Problem, 'topic'> {
  switch (step.kind) {
    case 'create':
      return { problem: 'does not exist', cure: '`hookline topics apply` creates it' }
    case 'add_partitions':
      return {
        problem: `has ${step.from} partitions, the file says ${step.to}`,
        cure: `\`hookline topics scale ${step.name} --partitions ${step.to}\` grows it`,
      }
    case 'set_config': {
      const changes = Object.entries(step.changes).map(
        ([key, { from, to }]) => `has ${key} ${from ?? 'unset'}, the file says ${to}`,
      )
      return { problem: changes.join('; '), cure: '`hookline topics apply` sets it' }
    }
    case 'by_hand':
      return { problem: step.reason, cure: step.cure }
  }
}

function checkedText(document: CheckedDocument, look: Look): string {
  const { topics, problems } = document
  const head = topicsTitle(document)
  if (problems.length === 0) return `${head}\n${look.paint('good', `All ${topics} are as they must be.`)}`
  const lines = problems.flatMap(({ topic, problem, cure }) => [
    ...paragraph(`${topic}: ${problem}`, { width: look.width, indent: 0 }),
    ...paragraph(cure, { width: look.width, indent: 2 }),
  ])
  return [head, ...lines, look.paint('bad', `${problems.length} to mend.`)].join('\n')
}
