import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { KafkaLog } from '../src/log.ts'
import { PublisherClosed } from '../src/publish-errors.ts'
import { topicPublisher } from '../src/topic-publisher.ts'
import type { TopicPublisherOptions } from '../src/topic-publisher.ts'
import type { Waiting } from '../src/waiting.ts'
import { memorySender } from './memory-sender.ts'
import type { MemorySender } from './memory-sender.ts'

const PATIENCE = { timeout: 10_000, interval: 1 }

function logOf(messages: string[]): KafkaLog {
  const note = (_: object, message: string) => void messages.push(message)
  return { debug() {}, info: note, warn: note, error: note }
}

function testTopic(sender: MemorySender, options: Partial<TopicPublisherOptions> = {}) {
  const messages: string[] = []
  const topic = topicPublisher({
    topic: 't',
    log: logOf(messages),
    open: () => Promise.resolve(sender),
    maxInFlight: 1,
    maxBatchCount: 100,
    maxBatchBytes: 1_000,
    silenceMs: 1_000,
    ...options,
  })
  onTestFinished(() => topic.end(new PublisherClosed('the test ends')))
  function publish(key: string): { outcome: string } {
    const told = { outcome: 'waits' }
    const waiting: Waiting = {
      record: { key: Buffer.from(key), value: Buffer.from(key) },
      bytes: 10,
      deadline: Infinity,
      sent: false,
      settled: false,
      resolve() {
        told.outcome = 'stored'
        waiting.settled = true
      },
      reject(error) {
        if (!waiting.settled) told.outcome = error.code
        waiting.settled = true
      },
    }
    topic.add(waiting)
    return told
  }
  return { topic, publish, messages }
}

describe('the records of a topic', () => {
  it('wait for a partition that is stuck, and are stored when it is not', async () => {
    const sender = memorySender({ partitions: 2 })
    sender.stuck.add(1)
    const { publish } = testTopic(sender)
    const [good, waits] = [publish('order-0'), publish('order-1')]
    await vi.waitUntil(() => good.outcome === 'stored', PATIENCE)
    expect(waits.outcome).toBe('waits')
    sender.stuck.clear()
    await vi.waitUntil(() => waits.outcome === 'stored', PATIENCE)
    expect(sender.stored.get(1)).toEqual(['order-1'])
  })

  it('are refused once nothing was stored for too long, and after that at the first failure', async () => {
    const sender = memorySender({ partitions: 1 })
    sender.stuck.add(0)
    const { topic, publish, messages } = testTopic(sender)
    const first = publish('order-0')
    await vi.waitUntil(() => sender.requests() > 1, PATIENCE)
    expect(first.outcome).toBe('waits')
    topic.sweep(performance.now() + 1_001)
    expect(first.outcome).toBe('kafka_unavailable')
    expect(topic.down()).toBe(true)

    // it answers, but stores nothing still
    await vi.waitUntil(() => !topic.down(), PATIENCE)
    const second = publish('order-0')
    await vi.waitUntil(() => second.outcome === 'kafka_unavailable', PATIENCE)
    expect(topic.down()).toBe(true)

    sender.stuck.clear()
    await vi.waitUntil(() => !topic.down(), PATIENCE)
    const third = publish('order-0')
    await vi.waitUntil(() => third.outcome === 'stored', PATIENCE)
    expect(messages.filter(message => message.includes('sent again'))).toHaveLength(1)
  })

  it('do not make Kafka count as down while some of them are stored', async () => {
    const sender = memorySender({ partitions: 2 })
    sender.stuck.add(1)
    const { topic, publish } = testTopic(sender)
    publish('order-1')
    await vi.waitUntil(() => sender.requests() > 0, PATIENCE)
    const good = publish('order-0')
    await vi.waitUntil(() => good.outcome === 'stored', PATIENCE)
    topic.sweep(performance.now() + 900)
    expect(topic.down()).toBe(false)
  })

  it('wait for the first connection, not longer than silence is borne', async () => {
    const never = new Promise<MemorySender>(() => {})
    const { topic, publish } = testTopic(memorySender({ partitions: 1 }), { open: () => never })
    const waits = publish('order-0')
    topic.sweep(performance.now() + 900)
    expect(waits.outcome).toBe('waits')
    topic.sweep(performance.now() + 1_100)
    expect(waits.outcome).toBe('kafka_unavailable')
  })
})
