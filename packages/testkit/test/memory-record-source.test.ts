import { describe, expect, it } from 'vitest'
import { recordSourceConformance } from '../src/conformance.ts'
import { memoryRecordSource, memoryTopic } from '../src/index.ts'

recordSourceConformance('memoryRecordSource', () => {
  const topic = memoryTopic('t', 3)
  return Promise.resolve({
    append(partition, values) {
      for (const value of values) topic.append(partition, { key: null, value: Buffer.from(value) })
      return Promise.resolve()
    },
    open: options => memoryRecordSource(topic, options),
  })
})

describe('memoryRecordSource', () => {
  it('rejects when it ended for good', async () => {
    const source = memoryRecordSource(memoryTopic('t', 1))
    const ran = source.run(() => Promise.resolve())
    source.fail(new Error('gone'))
    await expect(ran).rejects.toThrow('gone')
  })

  it('delivers again from where the group was moved to', async () => {
    const topic = memoryTopic('t', 1)
    for (const key of ['a', 'b', 'c']) topic.append(0, { key, value: null })
    topic.seek(0, 3)
    topic.seek(0, 1)
    const source = memoryRecordSource(topic)
    const accepted = Promise.withResolvers<string[]>()
    const ran = source.run(slice => {
      accepted.resolve(slice.map(({ key }) => String(key)))
      return Promise.resolve()
    })
    expect(await accepted.promise).toEqual(['b', 'c'])
    await source.close()
    await ran
    expect(topic.committed(0)).toBe(3)
  })
})
