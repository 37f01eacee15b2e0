import { describeTopics, planTopics } from '@hookline/kafka'
import type { Answer } from '../answer.ts'
import { askKafka } from '../ask-kafka.ts'
import type { Config } from '../config.ts'
import { changesText } from '../text/changes-text.ts'
import { type Change, type ChangesDocument, changesOf } from '../topic-changes.ts'
import { type TopicsFileOptions, wantedTopics } from '../wanted-topics.ts'

interface PlannedDocument extends ChangesDocument {
  to_do: readonly Change[]
}

const WORDS = {
  title: 'WOULD',
  steps: { create: 'create', add_partitions: 'grow', set_config: 'set', by_hand: 'refuse' },
  sum: 'to do',
} as const

/** What `topics apply` would do now; does nothing. */
export async function topicsPlan(config: Config, options: TopicsFileOptions): Promise<Answer> {
  const topics = wantedTopics(config, options)
  const names = topics.wanted.map(({ name }) => name)
  const found = await askKafka(config, client => describeTopics(client, names))
  const { head, possible } = changesOf(planTopics(found, topics.wanted), topics, config.brokers)
  const document: PlannedDocument = { ...head, to_do: possible }
  return { document, text: look => changesText({ ...head, possible }, WORDS, look) }
}
