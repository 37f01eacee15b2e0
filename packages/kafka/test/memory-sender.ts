import type { Outgoing, Sender, Stored } from '../src/sender.ts'

export interface MemorySender extends Sender {
  /** What is stored, by partition. */
  readonly stored: ReadonlyMap<number, readonly string[]>
  /** These partitions store nothing, until they are taken out. */
  readonly stuck: Set<number>
  readonly requests: () => number
}

/** Stores as a broker does: each partition by itself, but kafkajs tells one error for a whole request. */
export function memorySender(options: { partitions: number; maxBytes?: number }): MemorySender {
  const { partitions, maxBytes = Infinity } = options
  const stored = new Map<number, string[]>()
  const stuck = new Set<number>()
  let requests = 0

  const partition = (record: Outgoing): number => {
    record.partition ??= Number(String(record.key).split('-')[1]) % partitions
    return record.partition
  }

  function store(record: Outgoing): Stored {
    const own = stored.get(partition(record)) ?? []
    own.push(String(record.value))
    stored.set(partition(record), own)
    return { partition: partition(record), offset: String(own.length - 1) }
  }

  return {
    stored,
    stuck,
    requests: () => requests,
    partition,
    partitions: () => partitions,
    close: () => Promise.resolve(),
    async sendBatch(records) {
      requests += 1
      await Promise.resolve()
      let failure: Error | undefined
      const answers = new Map<Outgoing, Stored>()
      for (const [at, own] of Map.groupBy(records, partition)) {
        const tooLarge = own.some(({ value }) => (value?.length ?? 0) > maxBytes)
        if (tooLarge) failure = Object.assign(new Error('too large'), { type: 'MESSAGE_TOO_LARGE' })
        else if (stuck.has(at)) failure = Object.assign(new Error('no leader'), { type: 'NOT_LEADER_FOR_PARTITION' })
        else for (const record of own) answers.set(record, store(record))
      }
      if (failure !== undefined) throw failure
      return records.map(record => answers.get(record) ?? { partition: -1, offset: '-1' })
    },
  }
}
