import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deliver, deliverApart } from '../src/deliver.ts'
import type { Waiting } from '../src/waiting.ts'
import { memorySender } from './memory-sender.ts'

interface Told extends Waiting {
  /** The partition, or the error's code. */
  results: (number | string)[]
}

function waiting(key: string, value: string): Told {
  const told: Told = {
    record: { key: Buffer.from(key), value: Buffer.from(value) },
    bytes: value.length,
    deadline: Infinity,
    sent: true,
    settled: false,
    results: [],
    resolve(stored) {
      told.settled = true
      told.results.push(stored.partition)
    },
    reject(error) {
      told.settled = true
      told.results.push(error.code)
    },
  }
  return told
}

const nothing = () => {}

describe('deliver', () => {
  it('does not fail the others for one partition that stores nothing', async () => {
    const sender = memorySender({ partitions: 3 })
    sender.stuck.add(1)
    const batch = Array.from({ length: 9 }, (_, index) => waiting(`order-${index}`, String(index)))
    const undelivered = await deliver(sender, batch, nothing)
    expect(undelivered?.waiting.map(({ record }) => String(record.value))).toEqual(['1', '4', '7'])
    expect(undelivered?.cause).toMatchObject({ message: 'no leader' })
    expect(batch.filter(({ settled }) => settled)).toHaveLength(6)
  })

  it('fails only the record that is too large, and keeps the order of the others', async () => {
    const sender = memorySender({ partitions: 1, maxBytes: 5 })
    const values = ['1', '2', 'too large', '3', '4', '5', 'too large', '6']
    const batch = values.map(value => waiting('order-0', value))
    expect(await deliver(sender, batch, nothing)).toBeUndefined()
    expect(sender.stored.get(0)).toEqual(['1', '2', '3', '4', '5', '6'])
    expect(batch.filter(({ results }) => results[0] === 'record_too_large')).toHaveLength(2)
  })

  it('tells every caller exactly once what became of its record, whatever fails', async () => {
    const partitions = 4
    const batches = fc.array(fc.record({ order: fc.nat(9), large: fc.boolean() }), { minLength: 1, maxLength: 40 })
    const stuckOnes = fc.uniqueArray(fc.nat(partitions - 1))
    await fc.assert(
      fc.asyncProperty(batches, stuckOnes, fc.boolean(), async (records, stuck, apart) => {
        const sender = memorySender({ partitions, maxBytes: 5 })
        for (const partition of stuck) sender.stuck.add(partition)
        const batch = records.map(({ order, large }, index) =>
          waiting(`order-${order}`, large ? 'too large' : `${index}`),
        )
        const undelivered = await (apart ? deliverApart : deliver)(sender, batch, nothing)
        const expected = records.map(({ order, large }) => {
          if (large) return ['record_too_large']
          return stuck.includes(order % partitions) ? [] : [order % partitions]
        })
        expect(batch.map(({ results }) => results)).toEqual(expected)
        expect(undelivered?.waiting ?? []).toHaveLength(expected.filter(results => results.length === 0).length)
        expect((undelivered?.waiting ?? []).every(({ settled }) => !settled)).toBe(true)
      }),
    )
  })
})
