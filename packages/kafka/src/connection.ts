import { setTimeout as delay } from 'node:timers/promises'
import { kafkaErrorText } from './error-facts.ts'
import type { KafkaLog } from './log.ts'
import { isRefused, kafkaRefusal } from './refusal.ts'
import type { Sender } from './sender.ts'

const REOPEN_FIRST_MS = 250
const REOPEN_MOST_MS = 1_000
/** Wrong logins again and again lock an account in some places. */
const REOPEN_REFUSED_MS = 5_000

export interface ConnectionOptions {
  readonly topic: string
  readonly log: KafkaLog
  readonly open: () => Promise<Sender>
  /** Nothing stored for so long although something was asked: Kafka is down. */
  readonly silenceMs: number
  readonly onUp: () => void
  readonly onDown: () => void
}

/** One connection for one topic, and whether Kafka is known to be down. */
export interface Connection {
  /** `undefined` while there is none that a broker has answered on. */
  sender(): Sender | undefined
  down(): boolean
  lastFailure(): unknown
  asked(): void
  stored(via: Sender, othersWait: boolean): void
  failed(via: Sender, cause: unknown): 'send again' | 'refuse'
  /** `now` as in `performance.now()`. */
  checkSilence(now: number): void
  close(): Promise<void>
}

/**
 * Down after `silenceMs` in which something was asked and nothing stored. Then a new connection is tried until a broker
 * answers (what kafkajs kept of the old one cannot stand in the way), and the first record after that decides: a failure
 * there is down again at once, so that a cluster that answers and stores nothing does not keep callers waiting.
 */
export function connection(options: ConnectionOptions): Connection {
  const { topic, log, silenceMs } = options
  let sender: Sender | undefined
  let state: 'opening' | 'up' | 'on probation' | 'down' | 'closed' = 'opening'
  let silentSince: number | undefined
  let lastFailure: unknown
  let opening = false
  let failing = false
  let toldRefusal: string | undefined

  async function open(afterMs: number): Promise<void> {
    if (opening) return
    opening = true
    await delay(afterMs)
    let waitMs = REOPEN_FIRST_MS
    while (state === 'opening' || state === 'down') {
      const opened = await attempt()
      if (opened !== undefined) {
        opening = false
        use(opened)
        return
      }
      await delay(isRefused(lastFailure) ? REOPEN_REFUSED_MS : waitMs)
      waitMs = Math.min(waitMs * 2, REOPEN_MOST_MS)
    }
    opening = false
  }

  async function attempt(): Promise<Sender | undefined> {
    try {
      return await options.open()
    } catch (error) {
      lastFailure = error
      tellRefusal(error)
      return undefined
    }
  }

  /** Once: it is asked again and again. */
  function tellRefusal(error: unknown): void {
    const sentence = isRefused(error) ? kafkaRefusal(error)?.sentence : undefined
    if (sentence !== undefined && sentence !== toldRefusal) log.error({ topic, error: kafkaErrorText(error) }, sentence)
    toldRefusal = sentence
  }

  function use(opened: Sender): void {
    if (state === 'closed') {
      void disconnect(opened)
      return
    }
    if (state === 'down') log.info({ topic }, 'Kafka answers again')
    state = state === 'down' ? 'on probation' : 'up'
    sender = opened
    silentSince = undefined
    options.onUp()
  }

  function goDown(): void {
    log.error(
      { topic, error: kafkaErrorText(lastFailure) },
      'Kafka stores nothing: publishing is refused until it does',
    )
    const old = sender
    // a cluster that answers and stores nothing is not asked again for every record that comes
    const afterMs = state === 'on probation' ? REOPEN_MOST_MS : 0
    state = 'down'
    sender = undefined
    silentSince = undefined
    options.onDown()
    if (old !== undefined) void disconnect(old)
    void open(afterMs)
  }

  async function disconnect(old: Sender): Promise<void> {
    try {
      await old.close()
    } catch (error) {
      log.debug({ topic, error: kafkaErrorText(error) }, 'a connection to Kafka did not close cleanly')
    }
  }

  void open(0)
  return {
    sender: () => sender,
    down: () => state === 'down',
    lastFailure: () => lastFailure,
    asked() {
      silentSince ??= performance.now()
    },
    stored(via, othersWait) {
      if (via !== sender) return
      silentSince = othersWait ? performance.now() : undefined
      state = 'up'
      failing = false
    },
    failed(via, cause) {
      // an answer on a connection that was given up already says nothing about the new one
      if (via !== sender) return 'refuse'
      lastFailure = cause
      if (state === 'on probation') {
        goDown()
        return 'refuse'
      }
      if (!failing)
        log.warn({ topic, error: kafkaErrorText(cause) }, 'Kafka did not store records: they are sent again')
      failing = true
      return 'send again'
    },
    checkSilence(now) {
      if (silentSince === undefined || now - silentSince <= silenceMs || state === 'down' || state === 'closed') return
      goDown()
    },
    async close() {
      const old = sender
      state = 'closed'
      sender = undefined
      if (old !== undefined) await disconnect(old)
    },
  }
}
