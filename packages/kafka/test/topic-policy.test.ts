import { describe, expect, it } from 'vitest'
import type { TopicState } from '../src/describe-topics.ts'
import { topicProblems } from '../src/topic-policy.ts'

const policy = { minReplicationFactor: 3, minInsyncReplicas: 2 }
const good: TopicState = {
  name: 't',
  partitions: 6,
  replicationFactor: 3,
  config: { 'min.insync.replicas': '2', 'cleanup.policy': 'delete', 'message.timestamp.type': 'LogAppendTime' },
  ownConfig: [],
}
const withConfig = (config: Record<string, string>): TopicState => ({ ...good, config: { ...good.config, ...config } })

describe('a service refuses to start on a topic that', () => {
  it.each<[string, TopicState | undefined, RegExp]>([
    ['is absent', undefined, /^t does not exist: .*hookline topics apply/],
    ['has too few replicas', { ...good, replicationFactor: 1 }, /^t has replication 1: raise it to 3/],
    ['acknowledges with too few', withConfig({ 'min.insync.replicas': '1' }), /=1: set min\.insync\.replicas=2$/],
    ['says nothing of min.insync.replicas', { ...good, config: {} }, /set min\.insync\.replicas=2$/],
    ['is compacted', withConfig({ 'cleanup.policy': 'compact' }), /=compact: set cleanup\.policy=delete$/],
    ['is compacted too', withConfig({ 'cleanup.policy': 'compact,delete' }), /set cleanup\.policy=delete$/],
    [
      "takes the sender's time",
      withConfig({ 'message.timestamp.type': 'CreateTime' }),
      /=CreateTime: set .*LogAppendTime$/,
    ],
  ])('%s, and says what to set', (_, topic, problem) => {
    expect(topicProblems('t', topic, policy)[0]).toMatch(problem)
  })

  it('but not on one that is as it must be', () => {
    expect(topicProblems('t', good, policy)).toEqual([])
  })
})
