import { catalogues, encodeRecord, readEvent, type WebhookEvent } from '@hookline/contracts'
import type { Consumer } from '@hookline/consumer'
import {
  type Counter,
  consume,
  type DeadLetters,
  defaultSettings,
  type Labels,
  type RawRecord,
  type RecordSource,
  type Settings,
} from '@hookline/consumer/loop'
import { memoryInbox, memoryOrders, memoryTable, memoryTransactions, virtualTime } from '@hookline/testkit'

type Letter = Parameters<DeadLetters['send']>[0][number]

/** Stores and a clock that several instances share, as in production. */
export function world(startMs?: number) {
  const time = virtualTime(startMs)
  const clock = { now: time.nowMs, errorMs: () => 0 }
  const inbox = memoryInbox({ clock })
  const orders = memoryOrders()
  const table = memoryTable()
  const transactions = memoryTransactions({ orders, inbox, table })
  const letters: Letter[] = []
  const deadLetters: DeadLetters = {
    send: async more => {
      letters.push(...more)
    },
  }
  let instances = 0

  function start(consumer: Consumer, change: Partial<Settings> = {}) {
    instances += 1
    const name = `instance-${instances}`
    const counts = new Map<string, number>()
    const source = handSource()
    let tokens = 0
    const consuming = consume({
      consumer,
      source,
      inbox,
      orders,
      transactions,
      deadLetters,
      clock,
      settings: { ...defaultSettings, ...change },
      monotonicMs: time.nowMs,
      random: () => 0.5,
      newToken: () => `${name}#${(tokens += 1)}`,
      sleep: time.sleep,
      log: { info() {}, warn() {}, error() {} },
      observer: {
        count(counter: Counter, by: number, labels: Labels = {}) {
          const key = [counter, ...Object.values(labels)].join(' ')
          counts.set(key, (counts.get(key) ?? 0) + by)
        },
        effectTook() {},
        event() {},
        warn() {},
      },
    })
    return { ...consuming, deliver: source.deliver, count: (key: string) => counts.get(key) ?? 0 }
  }

  return {
    ...time,
    inbox,
    orders,
    transactions,
    letters,
    start,
    /** What transactional handlers have written. */
    row: (key: string) => table.get(key)?.value,
    order: (key: string) => orders.records().get(key),
    state: (event: string) => inbox.events().find(stored => stored.event === event)?.state,
  }
}

/** A source of records that delivers a slice when it is told to; resolves when Kafka may forget it. */
function handSource(): RecordSource & { deliver(...events: (WebhookEvent | Buffer | null)[]): Promise<void> } {
  let take: ((slice: readonly RawRecord[]) => Promise<void>) | undefined
  const { promise, resolve } = Promise.withResolvers<void>()
  let offset = 0
  return {
    run(accept) {
      take = accept
      return promise
    },
    async close() {
      resolve()
    },
    async deliver(...events) {
      const slice = events.map(event => {
        offset += 1
        const record = { topic: 'webhook', partition: 0, offset: `${offset}` }
        if (event === null || Buffer.isBuffer(event)) return { ...record, key: null, value: event }
        const { key, value } = encodeRecord(event)
        return { ...record, key: Buffer.from(key), value }
      })
      await take?.(slice)
    },
  }
}

const NOON_MS = Date.UTC(2026, 0, 1, 12)

/** A Points event of one order, `second` seconds after noon. */
export function pointsEvent(event: string, second: number, order: Record<string, unknown> = {}): WebhookEvent {
  const timestamp = iso(second)
  return read('points', { event, timestamp, order: { id: 'order-1', order_status: event, ...order } })
}

/** A HC event, `second` seconds after noon. */
export function hcEvent(type: string, second: number, data: Record<string, unknown> = { id: 'hc-1' }): WebhookEvent {
  return read('hc', { id: `evt_${type}_${second}`, type, created_at: iso(second), data })
}

function iso(second: number): string {
  return new Date(NOON_MS + second * 1_000).toISOString().replace('.000Z', 'Z')
}

function read(source: 'points' | 'hc', body: object): WebhookEvent {
  const receivedAt = NOON_MS + 3_600_000
  const request = { body: Buffer.from(JSON.stringify(body)), headers: {}, receivedAt, now: receivedAt }
  const result = readEvent(catalogues[source], request)
  if (result.kind !== 'event') throw new Error(JSON.stringify(result))
  return result.event
}
