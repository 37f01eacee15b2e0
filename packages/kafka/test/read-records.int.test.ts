import { expect, it, vi } from 'vitest'
import { readRecords } from '../src/index.ts'
import type { TopicRecord } from '../src/index.ts'
import { newTopic, produce, testClient, withBareAdmin } from './cluster.ts'

async function read(topic: string, newest?: number) {
  const records: TopicRecord[] = []
  const options = newest === undefined ? {} : { newest }
  const total = await readRecords(testClient(), topic, { ...options, each: record => records.push(record) })
  return { records, total }
}

it('all that a topic holds is read once, each partition in its order, with the headers and bytes that it has', async () => {
  const topic = await newTopic(2)
  const value = Buffer.from([0, 255, 128, 10])
  const headers = { reason: 'اختبار', empty: '' }
  const messages = Array.from({ length: 40 }, (_, n) => ({
    partition: n % 2,
    value,
    headers: { ...headers, n: `${n}` },
  }))
  await produce(topic, messages)
  await produce(topic, [{ partition: 1, value: null }])

  const { records, total } = await read(topic)
  expect(total).toBe(41)
  for (const partition of [0, 1]) {
    const numbers = records.filter(one => one.partition === partition).map(one => one.headers['n'])
    const own = messages.filter(one => one.partition === partition).map(one => one.headers.n)
    expect(numbers).toEqual(partition === 0 ? own : [...own, undefined])
  }
  expect(records[0]).toMatchObject({ value, headers, offset: '0', at: expect.any(Number) })
  expect(records.at(-1)?.partition === 1 ? records.at(-1)?.value : null).toBeNull()
})

it('what comes while it is read does not make it longer, and no group stays behind', async () => {
  const topic = await newTopic(1)
  await produce(topic, [{ value: 'first' }, { value: 'second' }])
  const values: string[] = []
  let late: Promise<void> | undefined
  await readRecords(testClient(), topic, {
    each: ({ value }) => {
      values.push(String(value))
      late ??= produce(topic, [{ value: 'late' }])
    },
  })
  await late
  expect(values).toEqual(['first', 'second'])
  // those of others, which read now, go too
  await vi.waitFor(async () => {
    const { groups } = await withBareAdmin(admin => admin.listGroups())
    expect(groups.filter(({ groupId }) => groupId.startsWith('hookline-reading-'))).toEqual([])
  }, 30_000)
})

it('what its reader throws ends the reading', async () => {
  const topic = await newTopic(1)
  await produce(topic, [{ value: 'first' }, { value: 'second' }])
  let calls = 0
  const each = () => {
    calls += 1
    throw new Error('enough')
  }
  await expect(readRecords(testClient(), topic, { each })).rejects.toThrow('enough')
  expect(calls).toBe(1)
})
