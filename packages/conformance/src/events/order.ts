import { randomUUID } from 'node:crypto'
import type { Consumer, HandledEvent } from '@hookline/consumer'
import { route } from '@hookline/consumer/loop'
import { catalogues, encodeRecord, parseEvent, readEvent, type SourceName } from '@hookline/contracts'
import { partitionOf, type PublishRecord } from '@hookline/kafka'
import { bodyOf, timestampOf } from './body.ts'
import type { LifeCycle, Step } from './life-cycles.ts'

/** An effect that the declaration has for an event. */
export interface DueEffect {
  readonly name: string
  readonly policy: 'latest' | 'every'
  /** Where it is `latest`: what is compared with what; the effect's name and its part. */
  readonly floor: string | undefined
  /** What it happens once per order for, where that is not the event. */
  readonly once: string | undefined
}

/** One event of one order, as the ingress would publish it. */
export interface OrderEvent {
  /** Its place in the order's life, 0 for the oldest. */
  readonly n: number
  readonly event: HandledEvent
  /** The event's own time as its sender wrote it. */
  readonly timestamp: string
  readonly record: PublishRecord
  readonly effects: readonly DueEffect[]
  /** It makes its order known. */
  readonly creating: boolean
}

/** An order that is put through one check. */
export interface SuiteOrder {
  readonly id: string
  readonly source: SourceName
  readonly partition: number
  /** Of the life cycles that the service handles: the same number, the same events. */
  readonly cycle: number
  /** The oldest first. */
  readonly events: readonly OrderEvent[]
}

export const PARTITIONS = 6

/** Some minutes ago, a whole second: the life cycles are shorter. */
const BORN_AGO_MS = 600_000

export function newOrder(
  consumer: Consumer,
  { source, steps }: LifeCycle,
  at: { cycle: number; partition?: number },
): SuiteOrder {
  const id = idIn(at.partition)
  const bornMs = Math.floor(Date.now() / 1_000) * 1_000 - BORN_AGO_MS
  const events = steps.map((step, n) => eventOf(consumer, { source, orderId: id, step, bornMs }, n))
  return { id, source, partition: partitionOf(Buffer.from(id), PARTITIONS), cycle: at.cycle, events }
}

/** A new order id, in a partition where that matters. */
function idIn(partition: number | undefined): string {
  for (;;) {
    const id = randomUUID()
    if (partition === undefined || partitionOf(Buffer.from(id), PARTITIONS) === partition) return id
  }
}

function eventOf(
  consumer: Consumer,
  happening: { source: SourceName; orderId: string; step: Step; bornMs: number },
  n: number,
): OrderEvent {
  const now = Date.now()
  const request = { body: Buffer.from(bodyOf(happening)), headers: {}, receivedAt: now, now }
  const read = readEvent(catalogues[happening.source], request)
  if (read.kind !== 'event') throw new Error(`${happening.source} ${happening.step.event}: ${read.code}`)
  const event = parseEvent(read.event)
  const { effects, creating } = route(consumer, event)
  return {
    n,
    event,
    timestamp: timestampOf(happening),
    record: encodeRecord(read.event),
    effects: effects.map(({ name, floor }) => dueEffect(consumer, event, name, floor)),
    creating,
  }
}

function dueEffect(consumer: Consumer, event: HandledEvent, name: string, floor: string | undefined): DueEffect {
  const declared = consumer.effects.find(effect => effect.name === name)
  return { name, policy: declared?.policy ?? 'latest', floor, once: declared?.onceFor?.(event) }
}
