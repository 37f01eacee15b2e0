import { describe, expect, it } from 'vitest'
import type { TopicState } from '../src/describe-topics.ts'
import { planTopics } from '../src/topic-plan.ts'
import type { WantedTopic } from '../src/topic-plan.ts'

const wanted: WantedTopic = { name: 't', partitions: 6, replicationFactor: 3, config: { 'retention.ms': '5' } }
const asWanted: TopicState = {
  name: 't',
  partitions: 6,
  replicationFactor: 3,
  config: { 'retention.ms': '5', 'segment.ms': '9' },
  ownConfig: ['retention.ms'],
}
const plan = (found: Partial<TopicState>) => planTopics(new Map([['t', { ...asWanted, ...found }]]), [wanted])

describe('planTopics', () => {
  it('does nothing where everything is as wanted', () => {
    expect(plan({})).toEqual([])
  })

  it('creates what is absent', () => {
    expect(planTopics(new Map(), [wanted])).toEqual([{ kind: 'create', topic: wanted }])
  })

  it('adds partitions', () => {
    expect(plan({ partitions: 2 })).toEqual([{ kind: 'add_partitions', name: 't', from: 2, to: 6 }])
  })

  it('leaves to a person what Kafka cannot do or what moves data', () => {
    const steps = plan({ partitions: 12, replicationFactor: 1 })
    expect(steps).toMatchObject([
      { kind: 'by_hand', reason: expect.stringContaining('12 partitions') },
      { kind: 'by_hand', reason: expect.stringContaining('replication 1') },
    ])
  })

  it('changes a setting and keeps what else was set for the topic', () => {
    const config = { 'retention.ms': '1', 'max.message.bytes': '77', 'segment.ms': '9' }
    expect(plan({ config, ownConfig: ['max.message.bytes'] })).toEqual([
      {
        kind: 'set_config',
        name: 't',
        changes: { 'retention.ms': { from: '1', to: '5' } },
        ownConfig: { 'max.message.bytes': '77', 'retention.ms': '5' },
      },
    ])
  })
})
