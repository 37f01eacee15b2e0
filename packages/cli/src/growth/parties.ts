import { type KafkaClient, type TopicReader, topicReaders } from '@hookline/kafka'
import { writerOf } from './writer.ts'

/** Who reads or writes a topic, and how many of its partitions it has found. */
export type Party = Reader | Writer

/** A consumer group. */
export interface Reader {
  role: 'reads'
  group: string
  state: TopicReader['state']
  /** Partitions of the topic that each instance holds; `null` while the group rebalances: Kafka does not say. */
  instances: readonly (number | null)[]
  /** How many partitions they hold together; `null` while the group rebalances. */
  found: number | null
}

/** An ingress, by its admin server. */
export interface Writer {
  role: 'writes'
  admin: string
  /** How many partitions its records go to; `null` where it does not answer. */
  found: number | null
}

export interface Asked {
  readonly topic: string
  /** Groups that are told of although nobody is in them. */
  readonly groups: readonly string[]
  /** `http://host:port` each. */
  readonly admins: readonly string[]
}

export async function partiesOf(client: KafkaClient, { topic, groups, admins }: Asked): Promise<readonly Party[]> {
  const [readers, writers] = await Promise.all([
    topicReaders(client, topic, groups),
    Promise.all(admins.map(admin => writerOf(admin, topic))),
  ])
  return [...readers.map(readerOf), ...writers.filter(writer => writer !== undefined)]
}

function readerOf({ groupId, state, members }: TopicReader): Reader {
  const isKnown = state !== 'rebalancing'
  return {
    role: 'reads',
    group: groupId,
    state,
    instances: members.map(({ partitions }) => (isKnown ? partitions.length : null)),
    found: isKnown ? new Set(members.flatMap(({ partitions }) => partitions)).size : null,
  }
}

/** Nobody has to be waited for in a group that nobody is in: whoever joins it looks at the topic first. */
export function hasFound(party: Party, partitions: number): boolean {
  if (party.role === 'reads' && party.state === 'empty') return true
  return party.found !== null && party.found >= partitions
}

export function nameOf(party: Party): string {
  return party.role === 'reads' ? party.group : `ingress ${party.admin}`
}
