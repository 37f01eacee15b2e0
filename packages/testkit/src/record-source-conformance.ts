import type { RawRecord, RecordSource } from '@hookline/consumer/loop'
import { beforeEach, describe, expect, it, vi } from 'vitest'

/** A topic of three partitions or more, empty, with a consumer group of its own. */
export interface RecordSourceUnderTest {
  /** Appends to `partition`; resolves when a source can see it. */
  append(partition: number, values: readonly string[]): Promise<void>
  /** A source of that group; the test closes it. */
  open(options: { sliceSize: number }): RecordSource
}

const PATIENCE = { timeout: 30_000, interval: 2 }

/** The promises of the port `RecordSource`, as tests. `make` gives an empty topic, for every test. */
export function recordSourceConformance(name: string, make: () => Promise<RecordSourceUnderTest>): void {
  describe(`${name} keeps the promises of RecordSource`, () => {
    let topic: RecordSourceUnderTest

    beforeEach(async () => {
      topic = await make()
    })

    /** Collects what is accepted until `count` records are there, then closes. */
    async function drain(source: RecordSource, count: number): Promise<readonly RawRecord[]> {
      const accepted: RawRecord[] = []
      const ran = source.run(slice => {
        accepted.push(...slice)
        return Promise.resolve()
      })
      await vi.waitUntil(() => accepted.length >= count, PATIENCE)
      await source.close()
      await ran
      return accepted
    }

    it('every record is delivered, those of a partition in their order', async () => {
      await topic.append(0, numbers(30))
      await topic.append(1, numbers(20))
      const accepted = await drain(topic.open({ sliceSize: 7 }), 50)
      expect(valuesOf(accepted, 0)).toEqual(numbers(30))
      expect(valuesOf(accepted, 1)).toEqual(numbers(20))
      expect(accepted.filter(({ partition }) => partition === 0).map(({ offset }) => Number(offset))).toEqual(
        Array.from({ length: 30 }, (_, index) => index),
      )
    })

    it('records that come while it runs are delivered too', async () => {
      const source = topic.open({ sliceSize: 10 })
      const drained = drain(source, 3)
      await topic.append(2, ['a'])
      await topic.append(0, ['b'])
      await topic.append(2, ['c'])
      const accepted = await drained
      expect(valuesOf(accepted, 2)).toEqual(['a', 'c'])
      expect(valuesOf(accepted, 0)).toEqual(['b'])
    })

    it('slices go across partitions and are no larger than asked', async () => {
      for (const partition of [0, 1, 2]) await topic.append(partition, numbers(12))
      const source = topic.open({ sliceSize: 9 })
      const slices: (readonly RawRecord[])[] = []
      const ran = source.run(slice => {
        slices.push(slice)
        return Promise.resolve()
      })
      await vi.waitUntil(() => slices.flat().length === 36, PATIENCE)
      await source.close()
      await ran
      expect(Math.max(...slices.map(slice => slice.length))).toBeLessThanOrEqual(9)
      expect(slices.some(slice => new Set(slice.map(({ partition }) => partition)).size > 1)).toBe(true)
    })

    it('one slice at a time', async () => {
      for (const partition of [0, 1, 2]) await topic.append(partition, numbers(10))
      const source = topic.open({ sliceSize: 4 })
      let inside = 0
      let most = 0
      let seen = 0
      const ran = source.run(async slice => {
        inside += 1
        most = Math.max(most, inside)
        await new Promise(resolve => setImmediate(resolve))
        inside -= 1
        seen += slice.length
      })
      await vi.waitUntil(() => seen === 30, PATIENCE)
      await source.close()
      await ran
      expect(most).toBe(1)
    })

    it('a slice that is rejected is delivered again, whatever the error', async () => {
      await topic.append(0, ['a', 'b'])
      const errors = [
        new Error('down'),
        new SyntaxError('bad JSON'),
        new TypeError('a bug'),
        new RangeError('too deep'),
      ]
      const source = topic.open({ sliceSize: 10 })
      const offered: string[] = []
      const ran = source.run(slice => {
        offered.push(slice.map(({ value }) => String(value)).join())
        const error = errors.shift()
        return error === undefined ? Promise.resolve() : Promise.reject(error)
      })
      await vi.waitUntil(() => offered.length >= 5, PATIENCE)
      await source.close()
      await ran
      expect(offered).toEqual(Array.from({ length: 5 }, () => 'a,b'))
    })

    it('what is accepted is not delivered to the next source of the group', async () => {
      await topic.append(0, ['a', 'b'])
      await drain(topic.open({ sliceSize: 10 }), 2)
      await topic.append(0, ['c'])
      expect(valuesOf(await drain(topic.open({ sliceSize: 10 }), 1), 0)).toEqual(['c'])
    })

    it('what is not accepted is', async () => {
      await topic.append(0, ['a'])
      const source = topic.open({ sliceSize: 10 })
      const offered = Promise.withResolvers<void>()
      const ran = source.run(() => {
        offered.resolve()
        return Promise.reject(new Error('not now'))
      })
      await offered.promise
      await source.close()
      await ran
      expect(valuesOf(await drain(topic.open({ sliceSize: 10 }), 1), 0)).toEqual(['a'])
    })

    it('closing waits for the slice that is being accepted, and none comes after', async () => {
      await topic.append(0, numbers(8))
      const source = topic.open({ sliceSize: 4 })
      const inside = Promise.withResolvers<void>()
      const finish = Promise.withResolvers<void>()
      const events: string[] = []
      const ran = source.run(async slice => {
        events.push(`offered ${slice.length}`)
        inside.resolve()
        await finish.promise
        events.push('accepted')
      })
      await inside.promise
      const closed = source.close().then(() => events.push('closed'))
      await new Promise(resolve => setImmediate(resolve))
      finish.resolve()
      await Promise.all([closed, ran])
      expect(events).toEqual(['offered 4', 'accepted', 'closed'])
      expect(valuesOf(await drain(topic.open({ sliceSize: 10 }), 4), 0)).toEqual(numbers(8).slice(4))
    })

    it('closes where nothing ever came', async () => {
      const source = topic.open({ sliceSize: 4 })
      const ran = source.run(() => Promise.reject(new Error('nothing was sent')))
      await source.close()
      expect(await ran).toBeUndefined()
    })
  })
}

function numbers(count: number): string[] {
  return Array.from({ length: count }, (_, index) => String(index))
}

function valuesOf(records: readonly RawRecord[], partition: number): string[] {
  return records.filter(record => record.partition === partition).map(({ value }) => String(value))
}
