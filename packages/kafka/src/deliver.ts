import { RecordTooLarge } from './publish-errors.ts'
import { saysTooLarge } from './sender.ts'
import type { Sender } from './sender.ts'
import type { Waiting } from './waiting.ts'

export interface Undelivered {
  readonly waiting: readonly Waiting[]
  readonly cause: unknown
}

/**
 * Sends and settles the records that are stored, and those too large for the topic. Resolves with what failed and may be
 * sent again, `undefined` when nothing did. kafkajs tells one error for a whole request, so after a failure each partition
 * is sent by itself: one partition without a leader must not fail the others. What was stored already is stored twice
 * then, a duplicate that consumers drop.
 * `answered` is called whenever Kafka has dealt with records.
 */
export async function deliver(
  via: Sender,
  batch: readonly Waiting[],
  answered: () => void,
): Promise<Undelivered | undefined> {
  const open = batch.filter(waiting => !waiting.settled)
  if (open.length === 0) return undefined
  try {
    const stored = await via.sendBatch(open.map(waiting => waiting.record))
    answered()
    open.forEach((waiting, index) => waiting.resolve(stored[index]!))
    return undefined
  } catch (cause) {
    if (saysTooLarge(cause)) {
      answered()
      return await deliverHalves(via, open, { answered, cause })
    }
    const first = open[0]?.record.partition
    const onePartition = open.every(waiting => waiting.record.partition === first)
    return onePartition ? { waiting: open, cause } : await deliverApart(via, open, answered)
  }
}

/** Each partition in a request of its own, side by side. */
export async function deliverApart(
  via: Sender,
  batch: readonly Waiting[],
  answered: () => void,
): Promise<Undelivered | undefined> {
  const partitions = Map.groupBy(batch, waiting => via.partition(waiting.record))
  const results = await Promise.all([...partitions.values()].map(part => deliver(via, part, answered)))
  const failed = results.filter(result => result !== undefined)
  if (failed.length === 0) return undefined
  return { waiting: failed.flatMap(result => result.waiting), cause: failed[0]?.cause }
}

/** One half after the other, so that a key's records keep their order; ends at the record that is too large by itself. */
async function deliverHalves(
  via: Sender,
  batch: readonly Waiting[],
  { answered, cause }: { answered: () => void; cause: unknown },
): Promise<Undelivered | undefined> {
  const [only] = batch
  if (only !== undefined && batch.length === 1) {
    only.reject(new RecordTooLarge("the record is above its topic's max.message.bytes", { cause }))
    return undefined
  }
  const middle = Math.ceil(batch.length / 2)
  const first = await deliver(via, batch.slice(0, middle), answered)
  const second = await deliver(via, batch.slice(middle), answered)
  if (first === undefined || second === undefined) return first ?? second
  return { waiting: [...first.waiting, ...second.waiting], cause: first.cause }
}
