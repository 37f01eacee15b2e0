/** Many callers, few requests to Kafka; a caller's promise settles with the request that its record was in. */
export function coalescer<Record>(
  send: (records: Record[]) => Promise<unknown>,
  { maxInFlight, maxRecords }: { readonly maxInFlight: number; readonly maxRecords: number },
): (record: Record) => Promise<void> {
  let waiting: Waiting<Record>[] = []
  let inFlight = 0
  let asked = false

  function flush(): void {
    asked = false
    while (inFlight < maxInFlight && waiting.length > 0) {
      void sendAll(waiting.slice(0, maxRecords))
      waiting = waiting.slice(maxRecords)
    }
  }

  async function sendAll(batch: readonly Waiting<Record>[]): Promise<void> {
    inFlight += 1
    try {
      await send(batch.map(({ record }) => record))
      for (const { resolve } of batch) resolve()
    } catch (error) {
      for (const { reject } of batch) reject(error)
    }
    inFlight -= 1
    flush()
  }

  return record => {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    waiting.push({ record, resolve, reject })
    // what else arrives in this turn of the event loop goes with it
    if (!asked) setImmediate(flush)
    asked = true
    return promise
  }
}

interface Waiting<Record> {
  readonly record: Record
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}
