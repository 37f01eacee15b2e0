import kafkajs from 'kafkajs'
import type { Admin, GroupDescription, MemberDescription } from 'kafkajs'
import { withAdmin } from './admin.ts'
import type { KafkaClient } from './client.ts'

/** A consumer group as a reader of one topic. */
export interface TopicReader {
  readonly groupId: string
  /** `rebalancing`: Kafka does not say what its members read until it is over. `empty`: nobody is in it. */
  readonly state: 'stable' | 'rebalancing' | 'empty'
  readonly members: readonly TopicMember[]
}

export interface TopicMember {
  readonly clientId: string
  readonly host: string
  /** What it holds of the topic, in order; empty while the group rebalances. */
  readonly partitions: readonly number[]
}

/**
 * The groups of `groupIds`, in this order, and every other group with a member that reads the topic. A stable group
 * whose members do not read the topic is left out.
 */
export function topicReaders(
  client: KafkaClient,
  topic: string,
  groupIds: readonly string[],
): Promise<readonly TopicReader[]> {
  return withAdmin(client, async admin => {
    const names = new Set([...groupIds, ...(await consumerGroups(admin))])
    const { groups } = await admin.describeGroups([...names])
    const found = new Map(groups.map(group => [group.groupId, readerOf(group, topic)]))
    return [...names].flatMap(name => {
      const reader = found.get(name)
      const isOther = !groupIds.includes(name) && reader?.state !== 'stable'
      return reader === undefined || isOther ? [] : [reader]
    })
  })
}

async function consumerGroups(admin: Admin): Promise<readonly string[]> {
  const { groups } = await admin.listGroups()
  return groups.filter(({ protocolType }) => protocolType === 'consumer').map(({ groupId }) => groupId)
}

/** `undefined`: its members read other topics. */
function readerOf({ groupId, state, members }: GroupDescription, topic: string): TopicReader | undefined {
  switch (state) {
    case 'Stable':
      if (!members.some(member => topicsOf(member).includes(topic))) return undefined
      return { groupId, state: 'stable', members: members.map(member => memberOf(member, partitionsOf(member, topic))) }
    case 'PreparingRebalance':
    case 'CompletingRebalance':
    case 'Unknown':
      return { groupId, state: 'rebalancing', members: members.map(member => memberOf(member, [])) }
    case 'Empty':
    case 'Dead':
      return { groupId, state: 'empty', members: [] }
  }
}

function memberOf({ clientId, clientHost }: MemberDescription, partitions: readonly number[]): TopicMember {
  return { clientId, host: clientHost.replace(/^\//, ''), partitions }
}

function topicsOf({ memberMetadata }: MemberDescription): readonly string[] {
  return kafkajs.AssignerProtocol.MemberMetadata.decode(memberMetadata)?.topics ?? []
}

function partitionsOf({ memberAssignment }: MemberDescription, topic: string): readonly number[] {
  const decoded = kafkajs.AssignerProtocol.MemberAssignment.decode(memberAssignment)
  return (decoded?.assignment[topic] ?? []).toSorted((a, b) => a - b)
}
