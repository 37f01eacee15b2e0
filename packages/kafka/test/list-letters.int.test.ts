import { expect, it, onTestFinished } from 'vitest'
import { deadLetters, listLetters, publisher } from '../src/index.ts'
import { newTopic, testClient } from './cluster.ts'

async function topicWith(count: number, partitions: number): Promise<string> {
  const topic = await newTopic(partitions)
  const kafka = publisher({ client: testClient() })
  onTestFinished(() => kafka.close())
  const dead = deadLetters({ publisher: kafka, topic, timeoutMs: 30_000 })
  for (let n = 0; n < count; n++) {
    const record = { topic: 'points.webhook', partition: 3, offset: `${n}`, key: Buffer.from(`order-${n}`) }
    const value = Buffer.from('someone@example.org')
    await dead.send([{ record: { ...record, value }, reason: 'unreadable', message: `not JSON ${n}` }])
  }
  return topic
}

it('letters are listed from all partitions with why and from where, the newest first, without their values', async () => {
  const { letters, total } = await listLetters(testClient(), await topicWith(6, 3), { limit: 100 })
  expect(total).toBe(6)
  expect(letters.map(({ message }) => message).sort()).toEqual([0, 1, 2, 3, 4, 5].map(n => `not JSON ${n}`))
  expect(letters.map(({ at }) => at)).toEqual(letters.map(({ at }) => at).toSorted((a, b) => b - a))
  expect(letters[0]).toMatchObject({
    reason: 'unreadable',
    sourceTopic: 'points.webhook',
    sourcePartition: '3',
    bytes: 19,
  })
  expect(JSON.stringify(letters)).not.toContain('someone@example.org')
})

it('a limit takes the newest, and says how many there are', async () => {
  const { letters, total } = await listLetters(testClient(), await topicWith(5, 1), { limit: 2 })
  expect([letters.map(({ sourceOffset }) => sourceOffset), total]).toEqual([['4', '3'], 5])
})

it('an empty topic has none', async () => {
  const topic = await newTopic(2)
  expect(await listLetters(testClient(), topic, { limit: 2 })).toEqual({ letters: [], total: 0 })
})
