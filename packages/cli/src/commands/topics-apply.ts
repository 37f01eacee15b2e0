import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { applyTopics, parseTopics, type TopicStep, type WantedTopic } from '@hookline/kafka'
import type { Answer, Look } from '../answer.ts'
import { askKafka } from '../ask-kafka.ts'
import type { Config } from '../config.ts'
import { codeOf, Failure } from '../failure.ts'
import { findUp } from '../find-up.ts'
import { table } from '../text/table.ts'

const DEFAULT_FILE = 'infra/topics.yaml'

export interface TopicsApplyOptions {
  file?: string
  profile?: string
}

interface TopicsDocument {
  file: string
  profile: string | null
  brokers: readonly string[]
  /** How many topics the file names. */
  topics: number
  done: readonly Step[]
  /** What Kafka cannot do, or what moves data: nothing was done about it. */
  refused: readonly Step[]
}

interface Step {
  step: 'create' | 'add_partitions' | 'set_config' | 'by_hand'
  topic: string
  detail: string
}

/** Makes the topics what the file says, as far as that takes nothing away. */
export async function topicsApply(config: Config, options: TopicsApplyOptions): Promise<Answer> {
  const { file, profile, wanted } = readFile(config, options)
  const steps = (await askKafka(config, client => applyTopics(client, wanted))).map(stepOf)
  const refused = steps.filter(({ step }) => step === 'by_hand')
  const document: TopicsDocument = {
    file,
    profile: profile ?? null,
    brokers: config.brokers,
    topics: wanted.length,
    done: steps.filter(({ step }) => step !== 'by_hand'),
    refused,
  }
  return {
    document,
    text: look => textOf(document, look),
    ...(refused.length > 0 && {
      problem: 'Not every topic is what the file says: change the file, or the topic by hand.',
    }),
  }
}

function readFile(config: Config, options: TopicsApplyOptions) {
  const file = options.file === undefined ? findUp(DEFAULT_FILE, config.cwd) : resolve(config.cwd, options.file)
  if (file === undefined) throw new Failure('usage', `There is no ${DEFAULT_FILE} here: name the file with --file.`)
  // the file of this repository has a profile for the one broker of the local stack
  const profile = options.profile ?? (config.stackFile && options.file === undefined ? 'local' : undefined)
  try {
    return { file, profile, wanted: parseTopics(readFileSync(file, 'utf8'), profile) }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') throw new Failure('usage', `There is no file ${file}.`, { cause: error })
    throw new Failure('usage', `${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

function stepOf(step: TopicStep): Step {
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
      return { step: step.kind, topic: step.name, detail: step.reason }
  }
}

function shapeOf({ partitions, replicationFactor }: WantedTopic): string {
  return `${partitions} partitions, replication ${replicationFactor}`
}

const DID = { create: 'created', add_partitions: 'grew', set_config: 'set', by_hand: 'refused' } as const

function textOf({ file, profile, brokers, topics, done, refused }: TopicsDocument, look: Look): string {
  const title = `Topics of ${file}${profile === null ? '' : `, profile ${profile}`}, on ${brokers.join(', ')}`
  const steps = [...done, ...refused]
  if (steps.length === 0) return `${title}\nNothing to do: all ${topics} are as they should be.`
  const lines = table(
    [{ title: 'DID' }, { title: 'TOPIC' }, { title: 'WHAT' }],
    steps.map(({ step, topic, detail }) => [DID[step], topic, detail]),
  )
  const refusals = refused.length === 0 ? '' : look.paint('bad', `, ${refused.length} refused`)
  return [title, ...lines, `${done.length} done${refusals}.`].join('\n')
}
