import { type Command, InvalidArgumentError } from 'commander'
import { add, type AnswerWith, type Shared, wholeNumber } from './command.ts'
import { topicsApply } from './commands/topics-apply.ts'
import { topicsCheck } from './commands/topics-check.ts'
import { topicsPlan } from './commands/topics-plan.ts'
import { topicsScale } from './commands/topics-scale.ts'
import type { TopicsFileOptions } from './wanted-topics.ts'

interface ScaleOptions {
  partitions: number
  yes?: boolean
  ingress?: readonly string[]
  waitS: number
}

/** `hookline topics …` */
export function addTopics(hookline: Command, answer: AnswerWith): void {
  const topics = hookline.command('topics').description('the topics in Kafka')

  const ofFile = (command: Command) =>
    command
      .option('--file <path>', 'the file (default: infra/topics.yaml)')
      .option('--profile <name>', 'a profile of the file (default on the local stack: local)')

  ofFile(
    add(topics, 'plan', 'What `topics apply` would do now; does nothing.', [
      'topics plan',
      'topics plan --profile local --json',
    ]),
  ).action(({ json, ...options }: Shared & TopicsFileOptions) => answer(json, config => topicsPlan(config, options)))

  ofFile(
    add(topics, 'apply', 'Make the topics what a file says; nothing is ever taken away.', [
      'topics apply',
      'topics apply --file infra/topics.yaml --profile local',
    ]),
  ).action(({ json, ...options }: Shared & TopicsFileOptions) => answer(json, config => topicsApply(config, options)))

  ofFile(
    add(topics, 'check', 'Whether the topics are as they must be: exit code 1 where not.', [
      'topics check',
      'topics check --json',
    ]),
  ).action(({ json, ...options }: Shared & TopicsFileOptions) => answer(json, config => topicsCheck(config, options)))

  add(topics, 'scale', 'Add partitions, and wait until every instance has found them.', [
    'topics scale points.webhook --partitions 24',
    'topics scale hc.webhook --partitions 24 --yes',
  ])
    .argument('<topic>', 'its name')
    .requiredOption('--partitions <n>', 'how many it is to have', wholeNumber)
    .option('--yes', 'ask nothing')
    .option('--ingress <url...>', 'admin servers to wait for, http://host:port (default: of the local stack)', urls)
    .option('--wait-s <n>', 'how long to wait for everybody, in seconds', wholeNumber, 120)
    .action((topic: string, { json, waitS, ...options }: Shared & ScaleOptions) =>
      answer(json, config => topicsScale(config, { ...options, topic, waitMs: waitS * 1_000 })),
    )
}

function urls(text: string, before: readonly string[] = []): readonly string[] {
  const url = URL.parse(text)
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return [...before, url.origin]
  throw new InvalidArgumentError('It must be http://host:port.')
}
