import { connection } from './connection.ts'
import { deliver, deliverApart } from './deliver.ts'
import type { KafkaLog } from './log.ts'
import { KafkaUnavailable, PublishTimeout } from './publish-errors.ts'
import type { PublishError } from './publish-errors.ts'
import type { Sender } from './sender.ts'
import type { Waiting } from './waiting.ts'

const RESEND_AFTER_MS = 100

export interface TopicPublisherOptions {
  readonly topic: string
  readonly log: KafkaLog
  readonly open: () => Promise<Sender>
  readonly maxInFlight: number
  readonly maxBatchCount: number
  readonly maxBatchBytes: number
  readonly silenceMs: number
}

/** The records of one topic, on a connection of their own: a topic that is absent or stuck stops no other. */
export interface TopicPublisher {
  /** Known to store nothing. */
  down(): boolean
  unavailable(): KafkaUnavailable
  /** How many partitions records go to; 0 while there is no connection. */
  partitions(): number
  add(waiting: Waiting): void
  /** Rejects what is past its deadline, and sees Kafka's silence. `now` as in `performance.now()`. */
  sweep(now: number): void
  /** Rejects what still waits, and disconnects. */
  end(error: PublishError): Promise<void>
}

/** Adaptive linger: what arrives while `maxInFlight` requests are out leaves together when the next one returns. */
export function topicPublisher(options: TopicPublisherOptions): TopicPublisher {
  const { topic, log, open, silenceMs } = options
  let queue: Waiting[] = []
  let inFlight = new Set<readonly Waiting[]>()
  /** After a failure each partition is sent by itself, until a whole batch is stored. */
  let apart = false
  let flushing = false
  let resumeTimer: NodeJS.Timeout | undefined

  const kafka = connection({ topic, log, open, silenceMs, onUp: flush, onDown: () => settleAll(unavailable) })

  function flushSoon(): void {
    if (flushing) return
    flushing = true
    // whatever arrives in this turn of the event loop shares the request
    setImmediate(() => {
      flushing = false
      flush()
    })
  }

  function flush(): void {
    const sender = kafka.sender()
    if (sender === undefined || resumeTimer !== undefined) return
    while (queue.length > 0 && inFlight.size < options.maxInFlight) void request(sender, takeBatch())
  }

  function takeBatch(): readonly Waiting[] {
    let bytes = 0
    let count = 0
    for (const waiting of queue) {
      if (count === options.maxBatchCount || (count > 0 && bytes + waiting.bytes > options.maxBatchBytes)) break
      bytes += waiting.bytes
      count += 1
    }
    return queue.splice(0, count)
  }

  async function request(via: Sender, batch: readonly Waiting[]): Promise<void> {
    kafka.asked()
    inFlight.add(batch)
    for (const waiting of batch) waiting.sent = true
    const answered = () => kafka.stored(via, inFlight.size > 1)
    const undelivered = await (apart ? deliverApart : deliver)(via, batch, answered)
    inFlight.delete(batch)
    apart = undelivered !== undefined
    if (undelivered !== undefined) sendAgain(via, undelivered.waiting, undelivered.cause)
    flush()
  }

  function sendAgain(via: Sender, failed: readonly Waiting[], cause: unknown): void {
    const left = failed.filter(waiting => !waiting.settled)
    if (kafka.failed(via, cause) === 'refuse') {
      for (const waiting of left) waiting.reject(unavailable(waiting))
      return
    }
    // behind what waits: what a stuck partition keeps must not fill every request
    queue.push(...left)
    resumeTimer ??= setTimeout(() => {
      resumeTimer = undefined
      flush()
    }, RESEND_AFTER_MS)
  }

  function settleAll(why: (waiting: Waiting) => PublishError): void {
    const all = [...[...inFlight].flat(), ...queue]
    inFlight = new Set()
    queue = []
    for (const waiting of all) waiting.reject(why(waiting))
  }

  function unavailable(waiting?: Waiting): KafkaUnavailable {
    const options = { mayBeStored: waiting?.sent ?? false, cause: kafka.lastFailure() }
    return new KafkaUnavailable(`Kafka stores no records of ${topic} at the moment`, options)
  }

  return {
    down: () => kafka.down(),
    unavailable: () => unavailable(),
    partitions: () => kafka.sender()?.partitions() ?? 0,
    add(waiting) {
      queue.push(waiting)
      kafka.asked()
      flushSoon()
    },
    sweep(now) {
      for (const waiting of [...[...inFlight].flat(), ...queue]) {
        if (waiting.settled || now < waiting.deadline) continue
        const mayBeStored = waiting.sent
        waiting.reject(new PublishTimeout(`Kafka did not answer in time for a record of ${topic}`, { mayBeStored }))
      }
      queue = queue.filter(waiting => !waiting.settled)
      kafka.checkSilence(now)
    },
    async end(error) {
      clearTimeout(resumeTimer)
      settleAll(() => error)
      await kafka.close()
    },
  }
}
