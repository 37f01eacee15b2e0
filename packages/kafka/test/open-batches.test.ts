import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { offsetsAfter, recordsOf, takeSlice } from '../src/open-batches.ts'
import type { OpenBatch } from '../src/open-batches.ts'

function batchOf(partition: number, count: number, firstOffset = 0): OpenBatch {
  const records = Array.from({ length: count }, (_, index) => ({
    topic: 't',
    partition,
    offset: String(firstOffset + index),
    key: null,
    value: null,
  }))
  const kafkajs = {
    resolveOffset: () => {},
    commit: () => Promise.resolve(),
    heartbeat: () => Promise.resolve(),
    end: () => {},
  }
  const state = { arrivedAt: 0, endOffset: String(firstOffset + count), taken: 0, over: false }
  return { topic: 't', partition, records, ...state, ...kafkajs }
}

describe('takeSlice', () => {
  it('shares a slice evenly among the partitions', () => {
    const parts = takeSlice([batchOf(0, 100), batchOf(1, 100), batchOf(2, 100)], 30)
    expect(parts.map(({ from, to }) => to - from)).toEqual([10, 10, 10])
  })

  it('gives what a short partition leaves to the others', () => {
    const parts = takeSlice([batchOf(0, 100), batchOf(1, 4)], 30)
    expect(parts.map(({ from, to }) => to - from)).toEqual([26, 4])
  })

  it('takes nothing of a batch that kafkajs has back', () => {
    expect(takeSlice([{ ...batchOf(0, 10), over: true }], 30)).toEqual([])
  })

  it('hands out every record once, in order of its partition, never more than asked', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50), { maxLength: 8 }), fc.integer({ min: 1, max: 40 }), (counts, size) => {
        const batches = counts.map((count, partition) => batchOf(partition, count))
        const seen = counts.map((): string[] => [])
        const total = counts.reduce((sum, count) => sum + count, 0)
        for (let left = total; left > 0; ) {
          const slice = recordsOf(takeSlice(batches, size))
          expect(slice.length).toBe(Math.min(size, left))
          for (const { partition, offset } of slice) seen[partition]?.push(offset)
          left -= slice.length
        }
        expect(seen).toEqual(batches.map(batch => batch.records.map(({ offset }) => offset)))
      }),
    )
  })
})

describe('offsetsAfter', () => {
  it('is the offset after the last record of each partition, also beyond what a number can hold', () => {
    const parts = takeSlice([batchOf(0, 3, 10), { ...batchOf(1, 1), records: [record('9007199254740993')] }], 10)
    expect(offsetsAfter(parts)).toEqual({
      topics: [
        {
          topic: 't',
          partitions: [
            { partition: 0, offset: '13' },
            { partition: 1, offset: '9007199254740994' },
          ],
        },
      ],
    })
  })
})

function record(offset: string) {
  return { topic: 't', partition: 1, offset, key: null, value: null }
}
