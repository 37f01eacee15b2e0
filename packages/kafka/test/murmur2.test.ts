import fc from 'fast-check'
import kafkajs from 'kafkajs'
import { describe, expect, it } from 'vitest'
import { murmur2, partitionOf } from '../src/murmur2.ts'

describe('the partitioner', () => {
  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])("hashes %s as Kafka's Java client does", (key, hash) => {
    // the vectors of Kafka's own UtilsTest
    expect(murmur2(Buffer.from(key))).toBe(hash)
  })

  it('puts a key where kafkajs and every Java producer put it', () => {
    const stock = kafkajs.Partitioners.DefaultPartitioner()
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.integer({ min: 1, max: 200 }), (bytes, partitions) => {
        const key = Buffer.from(bytes)
        const partitionMetadata = Array.from({ length: partitions }, (_, partitionId) => ({
          partitionId,
          partitionErrorCode: 0,
          leader: 1,
          replicas: [1],
          isr: [1],
        }))
        const expected = stock({ topic: 't', partitionMetadata, message: { key, value: null } })
        expect(partitionOf(key, partitions)).toBe(expected)
      }),
    )
  })

  it('keeps the partition of an order from release to release', () => {
    const orders = ['ord_1', 'PTS-000123', '6f9b1a52-7c1c-4b8e-9a8e-0d1c2b3a4f5e', 'größe']
    expect(orders.map(order => partitionOf(Buffer.from(order), 6))).toEqual([3, 5, 4, 2])
  })
})
