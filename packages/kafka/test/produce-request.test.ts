import { createRequire } from 'node:module'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { encodeRecordBatch } from '../src/record-batch.ts'

interface Request {
  encode(): Promise<unknown>
}

const kafkajs = createRequire(import.meta.url)
const produceRequest = kafkajs('kafkajs/src/protocol/requests/produce/v7/request.js') as (fields: object) => Request
const wholeRequest = kafkajs('kafkajs/src/protocol/request.js') as (fields: object) => Promise<{
  readonly buffer?: Buffer
  readonly chunks?: readonly Buffer[]
}>

const TIMESTAMP_MS = 1_750_000_000_000
/** So many that what stands between the batches outgrows kafkajs's first buffer. */
const MANY_PARTITIONS = 120

async function requestOf(topic: string, partitions: readonly object[]): Promise<Buffer | undefined> {
  const request = produceRequest({ acks: -1, timeout: 2_400, topicData: [{ topic, partitions }] })
  const { buffer, chunks } = await wholeRequest({ request, correlationId: 7, clientId: 'ingress' })
  return chunks === undefined ? buffer : Buffer.concat(chunks)
}

const values = fc.array(
  fc.uint8Array({ maxLength: 300 }).map(array => Buffer.from(array)),
  { minLength: 1, maxLength: 9 },
)
const ownPartitions = fc.array(values, { minLength: 1, maxLength: MANY_PARTITIONS, size: 'max' })

it('a produce request of encoded batches is the one that kafkajs makes of the records, byte for byte', async () => {
  await fc.assert(
    fc.asyncProperty(ownPartitions, fc.string({ minLength: 1, maxLength: 200 }), async (partitions, topic) => {
      const records = partitions.map(own => own.map(value => ({ key: Buffer.from('order'), value })))
      const stock = records.map((own, partition) => ({
        partition,
        firstSequence: 0,
        messages: own.map(record => ({ ...record, timestamp: TIMESTAMP_MS })),
      }))
      const encoded = records.map((own, partition) => ({
        partition,
        firstSequence: 0,
        messages: [{ value: null, recordBatch: encodeRecordBatch(own, TIMESTAMP_MS) }],
      }))
      const [ours, theirs] = await Promise.all([requestOf(topic, encoded), requestOf(topic, stock)])
      expect(theirs).toBeDefined()
      expect(ours?.equals(theirs!)).toBe(true)
    }),
    { numRuns: 30 },
  )
})
