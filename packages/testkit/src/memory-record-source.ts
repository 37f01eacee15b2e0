import type { RawRecord, RecordSource } from '@hookline/consumer/loop'

/** A topic with one consumer group, which remembers what was accepted. */
export interface MemoryTopic {
  readonly partitions: number
  /** Appends to `partition`. */
  append(partition: number, record: { key: string | null; value: Buffer | null }): void
  /** Where the group goes on in `partition`. */
  committed(partition: number): number
  /** Moves the group back or forward, as an operator does while no source runs. */
  seek(partition: number, offset: number): void
  /** For the source: what the group has not accepted of `partition`. */
  waiting(partition: number): readonly RawRecord[]
  /** For the source: the group goes on after these. */
  commit(slice: readonly RawRecord[]): void
  /** Resolves at the next append. */
  appended(): Promise<void>
}

export interface MemoryRecordSource extends RecordSource {
  /** The source ends for good: `run` rejects with `cause`. */
  fail(cause: Error): void
}

export interface MemoryRecordSourceOptions {
  readonly sliceSize?: number
}

export function memoryTopic(name: string, partitions: number): MemoryTopic {
  const records = Array.from({ length: partitions }, (): RawRecord[] => [])
  const committed = records.map(() => 0)
  let next = Promise.withResolvers<void>()
  return {
    partitions,
    append(partition, { key, value }) {
      const own = at(records, partition)
      own.push({
        topic: name,
        partition,
        offset: String(own.length),
        key: key === null ? null : Buffer.from(key),
        value,
      })
      next.resolve()
      next = Promise.withResolvers()
    },
    committed: partition => at(committed, partition),
    seek(partition, offset) {
      committed[partition] = offset
    },
    waiting: partition => at(records, partition).slice(at(committed, partition)),
    commit(slice) {
      for (const { partition, offset } of slice) committed[partition] = Number(offset) + 1
    },
    appended: () => next.promise,
  }
}

/** The port over a `memoryTopic`, one source at a time; it sets no timer. */
export function memoryRecordSource(topic: MemoryTopic, options: MemoryRecordSourceOptions = {}): MemoryRecordSource {
  const sliceSize = options.sliceSize ?? 500
  const end = Promise.withResolvers<'ended'>()
  let ended = false
  let failure: Error | undefined
  let running: Promise<void> | undefined

  function nextSlice(): readonly RawRecord[] {
    const waiting = Array.from({ length: topic.partitions }, (_, partition) => topic.waiting(partition))
    const share = Math.max(1, Math.floor(sliceSize / Math.max(1, waiting.filter(own => own.length > 0).length)))
    return waiting.flatMap(own => own.slice(0, share)).slice(0, sliceSize)
  }

  async function offer(accept: (slice: readonly RawRecord[]) => Promise<void>): Promise<void> {
    const slice = nextSlice()
    if (slice.length === 0) {
      await Promise.race([topic.appended(), end.promise])
      return
    }
    try {
      await accept(slice)
      topic.commit(slice)
    } catch {
      // the port promises that it comes again; not in this turn, so that others have theirs
      await new Promise(resolve => setImmediate(resolve))
    }
  }

  async function run(accept: (slice: readonly RawRecord[]) => Promise<void>): Promise<void> {
    while (!isEnded()) await offer(accept)
    if (failure !== undefined) throw failure
  }

  const isEnded = () => ended
  const finish = () => {
    ended = true
    end.resolve('ended')
  }

  return {
    run(accept) {
      running ??= run(accept)
      return running
    },
    async close() {
      finish()
      await running?.catch(() => undefined)
    },
    fail(cause) {
      failure = cause
      finish()
    },
  }
}

function at<T>(list: readonly T[], index: number): T {
  const item = list[index]
  if (item === undefined) throw new RangeError(`there is no partition ${index}`)
  return item
}
