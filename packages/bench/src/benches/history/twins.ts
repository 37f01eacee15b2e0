import { encodeRecord, type WebhookEvent } from '@hookline/contracts'
import { waitFor } from '@hookline/local'
import type { Service } from '../../consumers/consumer.ts'
import type { Subject } from '../../consumers/subject.ts'
import type { Fill } from '../../records/fill.ts'
import type { Stage } from '../../stage.ts'

const LOOK_EVERY_MS = 20
const ROUND_LIMIT_MS = 120_000

/** Services that handle the very same records, each with a database of its own, one after another. */
export interface Twins {
  readonly subjects: readonly Subject[]
  /** Stops them all, and stores what they find when they go on. */
  prepare(events: readonly WebhookEvent[]): Promise<void>
  /** Has them go on, all at once. */
  resume(): void
}

export interface Twin {
  readonly name: string
  readonly service: Service
  /** Records that it has handled already. */
  readonly handled: number
  /** Before each round, while it is stopped. */
  readonly reset?: () => Promise<void>
}

export function twinsOf(stage: Stage, fill: Fill, twins: readonly Twin[]): Twins {
  const all = twins.map(twin => stoppable(stage, twin))
  return {
    subjects: all.map(({ subject }) => subject),
    async prepare(events) {
      for (const { stop } of all) await stop(events.length)
      await fill('points.webhook', events.map(encodeRecord))
    },
    resume() {
      for (const { subject } of all) subject.process.goOn()
    },
  }
}

function stoppable({ session: { signal } }: Stage, { name, service, reset, handled: before }: Twin) {
  const { process: measured, store, handled } = service
  const giveUp = () => measured.ended() !== undefined
  const limits = { limitMs: ROUND_LIMIT_MS, everyMs: LOOK_EVERY_MS, signal, giveUp }
  let sent = before
  let wanted = 0
  const subject: Subject = {
    name,
    process: measured,
    prepare: async () => {},
    async run() {
      measured.goOn()
      const isDone = async () => ((await store.stored()) >= wanted && (await handled(sent)) ? true : undefined)
      await waitFor(`${name} handles all`, isDone, limits)
      measured.hold()
    },
    check: async () => [],
  }
  return {
    subject,
    async stop(events: number) {
      measured.hold()
      await reset?.()
      sent += events
      wanted = (await store.stored()) + events
    },
  }
}
