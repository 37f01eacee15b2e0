import { catalogues } from '@hookline/contracts'
import type { Config } from '../config.ts'
import { Failure } from '../failure.ts'
import { wantedTopics } from '../wanted-topics.ts'
import type { Party } from './parties.ts'

const SOURCE_TOPICS: readonly string[] = Object.values(catalogues).map(({ topic }) => topic)

/** What growing a topic would do. */
export interface GrowthPlan {
  topic: string
  brokers: readonly string[]
  from: number
  to: number
  /** Who reads or writes it now. */
  parties: readonly Party[]
  /** What the topics' file says, where it names the topic; `null`: no file, or nothing in it about this one. */
  file: { path: string; partitions: number } | null
}

/** Groups to be told of although nobody is in them: the services, where the topic is a source's. */
export function groupsOf({ services }: Config, topic: string): readonly string[] {
  return SOURCE_TOPICS.includes(topic) ? services : []
}

/** Throws a `Failure` where the topic must not, or cannot, have so many. `found`: what it has; `undefined`: absent. */
export function requireGrowth(topic: string, found: number | undefined, to: number): void {
  if (topic.startsWith('__')) {
    throw new Failure('no', `${topic} is Kafka's own: who grows it loses what was written to it. Nothing was changed.`)
  }
  if (found === undefined) {
    throw new Failure('no', `Kafka has no topic ${topic}: make it with \`hookline topics apply\`.`)
  }
  if (found > to) {
    throw new Failure(
      'no',
      `${topic} has ${found} partitions, and Kafka cannot take any away: their records would be lost. To have ${to}, make a new topic and let the senders' retries run out on the old one. Nothing was changed.`,
    )
  }
}

/** A file that is absent or broken is `topics check`'s to tell. */
export function fileOf(config: Config, topic: string): GrowthPlan['file'] {
  try {
    const { file, wanted } = wantedTopics(config, {})
    const own = wanted.find(({ name }) => name === topic)
    return own === undefined ? null : { path: file, partitions: own.partitions }
  } catch (error) {
    if (error instanceof Failure) return null
    throw error
  }
}
