import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { applyTopics, topicReaders } from '../src/index.ts'
import { bareKafka, groupName, newTopic, testClient, testSource } from './cluster.ts'

const PATIENCE = { timeout: 45_000, interval: 50 }
const client = testClient()
const nothing = () => Promise.resolve()

describe('the readers of a topic', () => {
  it('are told with what each instance holds, and hold added partitions soon', async () => {
    const topic = await newTopic(3)
    const groupId = groupName()
    for (const source of [testSource({ groupId, topics: [topic] }), testSource({ groupId, topics: [topic] })]) {
      void source.run(nothing)
    }
    const held = async () => {
      const [reader] = await topicReaders(client, topic, [groupId])
      return reader?.members.map(({ partitions }) => partitions.length).toSorted((a, b) => a - b)
    }
    await vi.waitFor(async () => expect(await held()).toEqual([1, 2]), PATIENCE)
    const [reader] = await topicReaders(client, topic, [])
    expect(reader).toMatchObject({ groupId, state: 'stable' })
    expect(reader?.members.flatMap(({ partitions }) => partitions).toSorted((a, b) => a - b)).toEqual([0, 1, 2])
    expect(reader?.members[0]).toMatchObject({ clientId: 'hookline-test', host: '127.0.0.1' })

    await applyTopics(client, [{ name: topic, partitions: 7, replicationFactor: 1, config: {} }])
    await vi.waitFor(async () => expect(await held()).toEqual([3, 4]), PATIENCE)
  })

  it('without an instance are told where they were asked for, and groups that read other topics are not', async () => {
    const [topic, other] = [await newTopic(1), await newTopic(1)]
    const [idle, elsewhere] = [groupName(), groupName()]
    const source = testSource({ groupId: elsewhere, topics: [other] })
    void source.run(nothing)
    await source.ready
    const stable = async () => expect((await topicReaders(client, other, []))[0]?.groupId).toBe(elsewhere)
    await vi.waitFor(stable, PATIENCE)
    expect(await topicReaders(client, topic, [idle, elsewhere])).toEqual([
      { groupId: idle, state: 'empty', members: [] },
    ])
  })

  it('are unknown while their group rebalances', async () => {
    const topic = await newTopic(1)
    const groupId = groupName()
    const staying = bareKafka().consumer({ groupId, maxWaitTimeInMs: 100 })
    await staying.connect()
    onTestFinished(() => staying.disconnect())
    await staying.subscribe({ topics: [topic] })
    const held = Promise.withResolvers<void>()
    onTestFinished(() => held.resolve())
    const joined = new Promise(resolve => staying.on(staying.events.GROUP_JOIN, resolve))
    // one that stays in its handler does not hear that it is to join again
    await staying.run({ eachBatch: () => held.promise })
    await joined
    const producer = bareKafka().producer()
    await producer.connect()
    await producer.send({ topic, messages: [{ value: 'x' }] })
    await producer.disconnect()
    void testSource({ groupId, topics: [topic] }).run(nothing)
    const state = async () => (await topicReaders(client, topic, [groupId]))[0]?.state
    await vi.waitFor(async () => expect(await state()).toBe('rebalancing'), PATIENCE)
    held.resolve()
    await vi.waitFor(async () => expect(await state()).toBe('stable'), PATIENCE)
  })
})
