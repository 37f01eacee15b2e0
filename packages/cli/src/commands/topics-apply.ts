import { applyTopics } from '@hookline/kafka'
import type { Answer } from '../answer.ts'
import { askKafka } from '../ask-kafka.ts'
import type { Config } from '../config.ts'
import { changesText } from '../text/changes-text.ts'
import { type Change, type ChangesDocument, changesOf } from '../topic-changes.ts'
import { type TopicsFileOptions, wantedTopics } from '../wanted-topics.ts'

interface AppliedDocument extends ChangesDocument {
  done: readonly Change[]
}

const WORDS = {
  title: 'DID',
  steps: { create: 'created', add_partitions: 'grew', set_config: 'set', by_hand: 'refused' },
  sum: 'done',
} as const

/** Makes the topics what the file says, as far as that takes nothing away. */
export async function topicsApply(config: Config, options: TopicsFileOptions): Promise<Answer> {
  const topics = wantedTopics(config, options)
  const steps = await askKafka(config, client => applyTopics(client, topics.wanted))
  const { head, possible } = changesOf(steps, topics, config.brokers)
  const document: AppliedDocument = { ...head, done: possible }
  return {
    document,
    text: look => changesText({ ...head, possible }, WORDS, look),
    ...(head.refused.length > 0 && {
      problem: 'Not every topic is what the file says: change the file, or the topic by hand.',
    }),
  }
}
