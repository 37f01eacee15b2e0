import { createRequire } from 'node:module'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeHeaders, encodeRecordBatch } from '../src/record-batch.ts'
import { sizeOfVarint, writeVarint } from '../src/varint.ts'

interface StockEncoder {
  readonly buffer: Buffer
  writeVarInt(value: number): StockEncoder
}

const stock = createRequire(import.meta.url)
const Encoder = stock('kafkajs/src/protocol/encoder.js') as new () => StockEncoder
const record = stock('kafkajs/src/protocol/recordBatch/record/v0/index.js') as (fields: object) => StockEncoder
const { RecordBatch: recordBatch } = stock('kafkajs/src/protocol/recordBatch/v0/index.js') as {
  RecordBatch: (fields: object) => Promise<StockEncoder>
}

interface Fields {
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: Record<string, string | Buffer>
}

async function stockBatch(records: readonly Fields[], timestampMs: number): Promise<Buffer> {
  const encoded = records.map((fields, offsetDelta) => record({ ...fields, offsetDelta }))
  const times = { firstTimestamp: timestampMs, maxTimestamp: timestampMs }
  const batch = await recordBatch({ records: encoded, lastOffsetDelta: records.length - 1, ...times })
  return batch.buffer
}

const bytes = fc.oneof(
  { weight: 20, arbitrary: fc.uint8Array({ maxLength: 200 }) },
  { weight: 1, arbitrary: fc.uint8Array({ minLength: 8_000, maxLength: 9_000 }) },
)
const buffer = bytes.map(array => Buffer.from(array))
const text = fc.string({ unit: 'binary', maxLength: 90 })
const fields: fc.Arbitrary<Fields> = fc.record({
  key: fc.option(buffer),
  value: fc.option(buffer),
  headers: fc.dictionary(text, fc.oneof(text, buffer), { maxKeys: 4 }),
})
const batches = fc.array(fields, { minLength: 1, maxLength: 100, size: 'max' })

describe('a record batch', () => {
  it("is what kafkajs's own encoder makes of the same records, byte for byte", async () => {
    await fc.assert(
      fc.asyncProperty(batches, fc.maxSafeNat(), async (records, timestampMs) => {
        const parts = records.map(one => ({ ...one, headers: encodeHeaders(one.headers) }))
        expect(encodeRecordBatch(parts, timestampMs).equals(await stockBatch(records, timestampMs))).toBe(true)
      }),
      { numRuns: 50 },
    )
  })

  it('has no headers where a record names none', async () => {
    const one = { key: Buffer.from('a'), value: Buffer.from('x') }
    expect(encodeRecordBatch([one], 1)).toEqual(await stockBatch([{ ...one, headers: {} }], 1))
  })

  it('has its lengths as kafkajs writes them', () => {
    fc.assert(
      fc.property(fc.oneof(fc.integer(), fc.integer({ min: -70, max: 9_000 })), value => {
        const varint = Buffer.alloc(sizeOfVarint(value))
        expect(writeVarint(varint, value, 0)).toBe(varint.length)
        expect(varint).toEqual(new Encoder().writeVarInt(value).buffer)
      }),
    )
  })
})
