import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { applyTopics } from '../src/index.ts'
import { partitionOf } from '../src/murmur2.ts'
import { encodeHeaders } from '../src/record-batch.ts'
import { openSender } from '../src/sender.ts'
import type { Outgoing, Sender } from '../src/sender.ts'
import { newTopic, readTopic, testClient, topicName } from './cluster.ts'

async function testSender(topic: string): Promise<Sender> {
  const sender = await openSender({ client: testClient(), topic, requestTimeoutMs: 10_000, metadataMaxAgeMs: 0 })
  onTestFinished(() => sender.close())
  return sender
}

const outgoing = (key: string, fields: Partial<Outgoing> = {}): Outgoing => ({
  key: Buffer.from(key),
  value: Buffer.from('x'),
  ...fields,
})

describe('a sender', () => {
  it('decides the partition once: sending again after partitions were added goes to the same one', async () => {
    const topic = await newTopic(1)
    const record = outgoing('order-1')
    expect(partitionOf(Buffer.from('order-1'), 8)).not.toBe(0)
    expect(await (await testSender(topic)).sendBatch([record])).toEqual([{ partition: 0, offset: '0' }])
    await applyTopics(testClient(), [{ name: topic, partitions: 8, replicationFactor: 1, config: {} }])
    const later = await testSender(topic)
    // the brokers tell of the new partitions a little later, and lead them later still
    const grown = async () => (await later.sendBatch([outgoing('order-1')]))[0]?.partition !== 0
    await vi.waitUntil(() => grown().catch(() => false), { timeout: 30_000, interval: 20 })
    const [again] = await later.sendBatch([record])
    expect(again?.partition).toBe(0)
  })

  it('finds added partitions although nothing is sent, and stores nothing by looking', async () => {
    const topic = await newTopic(2)
    const sender = await testSender(topic)
    expect(sender.partitions()).toBe(2)
    await applyTopics(testClient(), [{ name: topic, partitions: 5, replicationFactor: 1, config: {} }])
    await vi.waitUntil(() => sender.partitions() === 5, { timeout: 30_000, interval: 20 })
    expect(await readTopic(topic)).toEqual([])
  })

  it('never takes for stored what kafkajs drops: a partition that it does not know', async () => {
    const topic = await newTopic(2)
    const sender = await testSender(topic)
    const batch = [outgoing('a', { partition: 1 }), outgoing('b', { partition: 7 })]
    await expect(sender.sendBatch(batch)).rejects.toThrow('partition 7')
    expect((await readTopic(topic)).map(({ key }) => key)).toEqual(['a'])
  })

  it('stores key, value and headers byte for byte, in the order of the records', async () => {
    const topic = await newTopic(2)
    const sender = await testSender(topic)
    const records: Outgoing[] = [
      outgoing('a', { partition: 1, headers: encodeHeaders({ name: 'wert', größe: Buffer.from('✓') }) }),
      { key: null, value: null, partition: 1 },
      outgoing('b', { partition: 0, value: Buffer.alloc(0) }),
      { key: Buffer.alloc(0), value: Buffer.from('x'.repeat(100_000)), partition: 1, headers: encodeHeaders({}) },
      ...Array.from({ length: 200 }, (_, index) => outgoing(`c${index}`, { partition: 0 })),
    ]
    const stored = await sender.sendBatch(records)
    expect(stored.slice(0, 5)).toEqual([
      { partition: 1, offset: '0' },
      { partition: 1, offset: '1' },
      { partition: 0, offset: '0' },
      { partition: 1, offset: '2' },
      { partition: 0, offset: '1' },
    ])
    expect(await readTopic(topic)).toEqual([
      { partition: 0, offset: '0', key: 'b', value: '', headers: {} },
      ...Array.from({ length: 200 }, (_, index) => ({
        partition: 0,
        offset: String(index + 1),
        key: `c${index}`,
        value: 'x',
        headers: {},
      })),
      { partition: 1, offset: '0', key: 'a', value: 'x', headers: { name: 'wert', größe: '✓' } },
      { partition: 1, offset: '1', key: undefined, value: undefined, headers: {} },
      { partition: 1, offset: '2', key: '', value: 'x'.repeat(100_000), headers: {} },
    ])
  })

  it('spreads records without a key', async () => {
    const sender = await testSender(await newTopic(3))
    const records = Array.from({ length: 6 }, (): Outgoing => ({ key: null, value: Buffer.from('x') }))
    const stored = await sender.sendBatch(records)
    expect(stored.map(({ partition }) => partition).toSorted((a, b) => a - b)).toEqual([0, 0, 1, 1, 2, 2])
  })

  it('does not open for a topic that is absent', async () => {
    await expect(testSender(topicName())).rejects.toThrow('does not host this topic')
  })
})
