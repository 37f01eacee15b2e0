import type { RawRecord } from '@hookline/consumer/loop'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { applyTopics, lag, RecordSourceEnded } from '../src/index.ts'
import type { Assignment } from '../src/index.ts'
import { bareKafka, groupName, newTopic, produce, SILENT, testClient, testSource, withBareAdmin } from './cluster.ts'

/** Kafka's default lets no group have less. */
const SESSION_MS = 6_000
const PATIENCE = { timeout: 45_000, interval: 10 }

/** A member of the group that notes what it accepts; `hold` keeps it inside `accept`. */
function member(options: Parameters<typeof testSource>[0]) {
  const accepted: RawRecord[] = []
  const joins: Assignment[] = []
  let gate = Promise.resolve()
  let open = () => {}
  let inside = 0
  const source = testSource({ ...options, sessionTimeoutMs: SESSION_MS, onRebalance: joined => joins.push(joined) })
  const ran = source.run(async slice => {
    inside += 1
    await gate
    inside -= 1
    accepted.push(...slice)
  })
  // a rejection is looked at where a test expects one
  ran.catch(() => undefined)
  return {
    source,
    ran,
    accepted,
    joins,
    inside: () => inside,
    hold() {
      const shut = Promise.withResolvers<void>()
      gate = shut.promise
      open = shut.resolve
      onTestFinished(open)
    },
    letGo: () => open(),
  }
}

const one = (value: string, partition = 0) => ({ partition, value })
const valuesOf = (records: readonly RawRecord[]) => records.map(({ value }) => String(value))

describe('a rebalance', () => {
  it('goes on while a slice is being accepted, and does not disturb it', async () => {
    const topic = await newTopic(2)
    const group = { groupId: groupName(), topics: [topic] }
    const first = member(group)
    first.hold()
    await first.source.ready
    await produce(topic, [one('a', 0), one('b', 1)])
    await vi.waitUntil(() => first.inside() === 1, PATIENCE)

    const second = member(group)
    await second.source.ready
    await vi.waitUntil(() => first.joins.length > 1, PATIENCE)
    expect(first.inside()).toBe(1)

    // the partition that moved comes again at its new owner: it was not committed
    await vi.waitUntil(() => second.accepted.length > 0, PATIENCE)
    first.letGo()
    await vi.waitUntil(() => new Set(valuesOf([...first.accepted, ...second.accepted])).size === 2, PATIENCE)

    await produce(topic, [one('c', 0), one('d', 1)])
    await vi.waitUntil(() => new Set(valuesOf([...first.accepted, ...second.accepted])).size === 4, PATIENCE)
    expect(first.accepted.length).toBeGreaterThan(0)
  })

  it('never lets a next slice in while the one from before the rebalance is being accepted', async () => {
    const topic = await newTopic(2)
    const group = { groupId: groupName(), topics: [topic] }
    const first = member(group)
    first.hold()
    await produce(topic, [one('a', 0), one('b', 1)])
    await vi.waitUntil(() => first.inside() === 1, PATIENCE)
    const second = member(group)
    await second.source.ready
    // what the first kept is fetched again, and waits
    await vi.waitUntil(() => first.joins.length > 1 && first.source.progress().waitingMs > 0, PATIENCE)
    expect(first.inside()).toBe(1)
    first.letGo()
    await vi.waitUntil(() => new Set(valuesOf([...first.accepted, ...second.accepted])).size === 2, PATIENCE)
  })

  it('that takes everything away is survived by a slice that ends late', async () => {
    const topic = await newTopic(1)
    const group = { groupId: groupName(), topics: [topic] }
    // kafkajs shares partitions in the order of the members' names, which begin with the client's id
    const first = member({ ...group, client: testClient(SILENT, 'z') })
    first.hold()
    await produce(topic, [one('a')])
    await vi.waitUntil(() => first.inside() === 1, PATIENCE)
    const second = member({ ...group, client: testClient(SILENT, 'a') })
    await vi.waitUntil(() => second.accepted.length === 1, PATIENCE)
    expect(first.source.progress()).toMatchObject({ joined: true, partitions: 0 })
    first.letGo()
    await vi.waitUntil(() => first.accepted.length === 1, PATIENCE)
    await second.source.close()
    await produce(topic, [one('b')])
    await vi.waitUntil(() => first.accepted.length === 2, PATIENCE)
    expect(valuesOf(first.accepted)).toEqual(['a', 'b'])
  })

  it('finds partitions that are added, and what was written before they were found', async () => {
    const topic = await newTopic(1)
    const only = member({ groupId: groupName(), topics: [topic] })
    await only.source.ready
    await applyTopics(testClient(), [{ name: topic, partitions: 3, replicationFactor: 1, config: {} }])
    await produceWhenKnown(topic, [one('new 1', 1), one('new 2', 2)])
    await vi.waitUntil(() => only.accepted.length === 2, PATIENCE)
    expect(valuesOf(only.accepted).toSorted()).toEqual(['new 1', 'new 2'])
    expect(only.source.progress().partitions).toBe(3)
  })
})

describe('the record source', () => {
  it('commits only what was accepted', async () => {
    const topic = await newTopic(1)
    const groupId = groupName()
    const only = member({ groupId, topics: [topic] })
    only.hold()
    await produce(topic, [one('a'), one('b')])
    await vi.waitUntil(() => only.inside() === 1, PATIENCE)
    expect(await lag(testClient(), groupId, [topic])).toMatchObject([{ committed: null, lag: 2 }])
    only.letGo()
    await vi.waitUntil(() => only.accepted.length === 2, PATIENCE)
    await only.source.close()
    expect(await lag(testClient(), groupId, [topic])).toMatchObject([{ committed: '2', lag: 0 }])
  })

  it('starts from the beginning where its offset is out of range', async () => {
    const topic = await newTopic(1)
    const groupId = groupName()
    await produce(topic, [one('a')])
    const before = member({ groupId, topics: [topic] })
    await vi.waitUntil(() => before.accepted.length === 1, PATIENCE)
    await before.source.close()
    await produce(topic, [one('b'), one('c'), one('d')])
    // what it has not seen is removed up to 'c', as retention would do
    const partitions = [{ partition: 0, offset: '3' }]
    await withBareAdmin(async admin => {
      // kafkajs knows no topic that was not asked for before
      await admin.fetchTopicOffsets(topic)
      await admin.deleteTopicRecords({ topic, partitions })
    })
    const after = member({ groupId, topics: [topic] })
    await vi.waitUntil(() => after.accepted.length > 0, PATIENCE)
    expect(valuesOf(after.accepted)).toEqual(['d'])
  })

  it('keeps its membership while accept takes longer than the session', async () => {
    const topic = await newTopic(1)
    const only = member({ groupId: groupName(), topics: [topic] })
    only.hold()
    await produce(topic, [one('a')])
    await vi.waitUntil(() => only.inside() === 1, PATIENCE)
    const sessionOver = performance.now() + SESSION_MS + 500
    await vi.waitUntil(() => performance.now() > sessionOver, PATIENCE)
    only.letGo()
    await vi.waitUntil(() => only.accepted.length === 1, PATIENCE)
    await produce(topic, [one('b')])
    await vi.waitUntil(() => only.accepted.length === 2, PATIENCE)
    expect(only.joins).toHaveLength(1)
  })

  it('rejects when the consumer ended for good, so that the process ends', async () => {
    const topic = await newTopic(1)
    const groupId = groupName()
    // a member with another way of sharing partitions: no coordinator lets both in
    const stranger = bareKafka().consumer({ groupId, partitionAssigners: [otherAssigner], maxWaitTimeInMs: 100 })
    await stranger.connect()
    onTestFinished(() => stranger.disconnect())
    await stranger.subscribe({ topics: [topic] })
    const joined = new Promise(resolve => stranger.on(stranger.events.GROUP_JOIN, resolve))
    await stranger.run({ eachMessage: () => Promise.resolve() })
    await joined
    const refused = member({ groupId, topics: [topic] })
    await expect(refused.ran).rejects.toBeInstanceOf(RecordSourceEnded)
    await expect(refused.ran).rejects.toMatchObject({ code: 'record_source_ended' })
  })
})

async function produceWhenKnown(topic: string, messages: { partition: number; value: string }[]): Promise<void> {
  // kafkajs drops silently what is for a partition that it does not know yet
  await vi.waitUntil(async () => {
    const { topics } = await withBareAdmin(admin => admin.fetchTopicMetadata({ topics: [topic] }))
    return topics[0]?.partitions.every(({ leader }) => leader >= 0) && topics[0].partitions.length === 3
  }, PATIENCE)
  await produce(topic, messages)
}

function otherAssigner() {
  return {
    name: 'another',
    version: 1,
    assign: () => Promise.resolve([]),
    protocol: () => ({ name: 'another', metadata: Buffer.alloc(0) }),
  }
}
