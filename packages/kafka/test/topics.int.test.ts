import { describe, expect, it, vi } from 'vitest'
import {
  applyTopics,
  checkTopics,
  clusterReady,
  describeTopics,
  kafkaClient,
  lag,
  publisher,
  TopicsRefused,
} from '../src/index.ts'
import { groupName, produce, SILENT, testClient, testSource, topicName } from './cluster.ts'

const client = testClient()
const wanted = (name: string) => ({ name, partitions: 2, replicationFactor: 1, config: { 'retention.ms': '86400000' } })

describe('topics', () => {
  it('are created once: the second time there is nothing to do', async () => {
    const topic = wanted(topicName())
    expect(await applyTopics(client, [topic])).toEqual([{ kind: 'create', topic }])
    expect(await applyTopics(client, [topic])).toEqual([])
  })

  it('grow and change, and keep what was set besides', async () => {
    const topic = wanted(topicName())
    await applyTopics(client, [{ ...topic, config: { ...topic.config, 'max.message.bytes': '2000000' } }])
    await applyTopics(client, [{ ...topic, partitions: 5, config: { 'retention.ms': '3600000' } }])
    const found = (await describeTopics(client, [topic.name])).get(topic.name)
    expect(found).toMatchObject({
      partitions: 5,
      replicationFactor: 1,
      config: { 'retention.ms': '3600000', 'max.message.bytes': '2000000' },
    })
    expect(found?.ownConfig.toSorted()).toEqual(['max.message.bytes', 'retention.ms'])
  })

  it('that are absent are absent in the description', async () => {
    const [present, absent] = [topicName(), topicName()]
    await applyTopics(client, [wanted(present)])
    expect([...(await describeTopics(client, [present, absent])).keys()]).toEqual([present])
    expect([...(await describeTopics(client, [absent])).keys()]).toEqual([])
  })

  it('are refused at the start, each problem with its cure', async () => {
    const [compacted, absent] = [topicName(), topicName()]
    await applyTopics(client, [{ ...wanted(compacted), config: { 'cleanup.policy': 'compact' } }])
    const check = checkTopics(client, [compacted, absent], { minReplicationFactor: 1, minInsyncReplicas: 1 })
    await expect(check).rejects.toBeInstanceOf(TopicsRefused)
    await expect(check).rejects.toThrow(`${compacted} has cleanup.policy=compact: set cleanup.policy=delete`)
    await expect(check).rejects.toThrow(`${absent} does not exist`)
  })

  it('that are good are described by the check', async () => {
    const topic = wanted(topicName())
    const config = { ...topic.config, 'message.timestamp.type': 'LogAppendTime' }
    await applyTopics(client, [{ ...topic, config }])
    const policy = { minReplicationFactor: 1, minInsyncReplicas: 1 }
    expect(await checkTopics(client, [topic.name], policy)).toMatchObject([{ name: topic.name, partitions: 2 }])
  })

  it('are never made by asking for them', async () => {
    const absent = topicName()
    const kafka = publisher({ client })
    await kafka.publish(absent, { key: 'k', value: null }, { timeoutMs: 500 }).catch(() => undefined)
    await kafka.close()
    expect(await describeTopics(client, [absent])).toEqual(new Map())
  })
})

describe('lag', () => {
  it('counts from the first record where nothing is committed, then from what is', async () => {
    const topic = wanted(topicName())
    await applyTopics(client, [topic])
    const groupId = groupName()
    await produce(
      topic.name,
      [0, 0, 0, 1].map(partition => ({ partition, value: 'x' })),
    )
    const [p0, p1] = [
      { topic: topic.name, partition: 0 },
      { topic: topic.name, partition: 1 },
    ]
    expect(await lag(client, groupId, [topic.name])).toEqual([
      { ...p0, endOffset: '3', committed: null, lag: 3 },
      { ...p1, endOffset: '1', committed: null, lag: 1 },
    ])
    const source = testSource({ groupId, topics: [topic.name] })
    let left = 4
    void source.run(slice => {
      left -= slice.length
      return Promise.resolve()
    })
    await vi.waitUntil(() => left === 0, { timeout: 30_000, interval: 10 })
    await source.close()
    await produce(topic.name, [{ partition: 1, value: 'x' }])
    expect(await lag(client, groupId, [topic.name])).toEqual([
      { ...p0, endOffset: '3', committed: '3', lag: 0 },
      { ...p1, endOffset: '2', committed: '1', lag: 1 },
    ])
  })
})

describe('clusterReady', () => {
  it('resolves when a broker answers', async () => {
    expect(await clusterReady(client, { limitMs: 30_000 })).toBeGreaterThan(0)
  })

  it('rejects when none does', async () => {
    // nothing listens on port 1
    const nobody = kafkaClient({ brokers: ['127.0.0.1:1'], clientId: 'test', log: SILENT })
    await expect(clusterReady(nobody, { limitMs: 300 })).rejects.toThrow('Kafka did not answer')
  })
})
