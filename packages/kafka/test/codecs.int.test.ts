import { randomUUID } from 'node:crypto'
import kafkajs from 'kafkajs'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { registerCodecs } from '../src/codecs.ts'
import type { KafkaLog } from '../src/index.ts'
import { groupName, newTopic, produce, SILENT, testClient, testSource } from './cluster.ts'

const PATIENCE = { timeout: 30_000, interval: 10 }
const { CompressionCodecs, CompressionTypes } = kafkajs

describe('compressed batches', () => {
  it.each([
    ['gzip', CompressionTypes.GZIP],
    ['zstd', CompressionTypes.ZSTD],
  ])('of %s are read', async (_, codec) => {
    registerCodecs()
    const topic = await newTopic(1)
    const values = Array.from({ length: 20 }, () => randomUUID())
    await produce(
      topic,
      values.map(value => ({ value })),
      codec,
    )
    const source = testSource({ groupId: groupName(), topics: [topic] })
    const accepted: string[] = []
    void source.run(slice => {
      accepted.push(...slice.map(({ value }) => String(value)))
      return Promise.resolve()
    })
    await vi.waitUntil(() => accepted.length === 20, PATIENCE)
    expect(accepted).toEqual(values)
  })

  it('of a codec that is not readable block the source with a clear error, and crash nothing', async () => {
    const topic = await newTopic(1)
    await withSnappyWriter(() => produce(topic, [{ value: 'x' }], CompressionTypes.Snappy))
    const errors: string[] = []
    const log: KafkaLog = { ...SILENT, error: (_, message) => errors.push(message) }
    const source = testSource({ client: testClient(log), groupId: groupName(), topics: [topic] })
    let ended = false
    const ran = source
      .run(() => Promise.resolve())
      .finally(() => {
        ended = true
      })
    await vi.waitUntil(() => source.progress().blocked !== undefined, PATIENCE)
    expect(errors).toEqual([expect.stringContaining('compressed with a codec that is not readable')])
    expect(ended).toBe(false)
    await source.close()
    await ran
  })
})

/** The smallest snappy encoder: one literal, no compression. */
async function withSnappyWriter(write: () => Promise<void>): Promise<void> {
  const before = CompressionCodecs[CompressionTypes.Snappy]
  onTestFinished(() => {
    CompressionCodecs[CompressionTypes.Snappy] = before
  })
  CompressionCodecs[CompressionTypes.Snappy] = () => ({
    compress: ({ buffer }: { buffer: Buffer }) => Promise.resolve(snappyLiteral(buffer)),
  })
  await write()
  CompressionCodecs[CompressionTypes.Snappy] = before
}

function snappyLiteral(data: Buffer): Buffer {
  if (data.length > 60) throw new Error('a literal of more than 60 bytes has a longer tag')
  return Buffer.concat([Buffer.from([data.length, (data.length - 1) << 2]), data])
}
