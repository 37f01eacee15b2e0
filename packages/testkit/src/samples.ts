import type { NewEvent } from '@hookline/consumer/loop'
import type { WebhookEvent } from '@hookline/contracts'
import type { DeadEntry, Entry, OrderRecord } from '@hookline/delivery'

const AT = '2026-01-01T10:00:00.000Z'

/** Event number `n` of an order, a second after number `n - 1`: valid in form, with a version of that time. */
export function sampleEvent(fields: Partial<WebhookEvent> = {}, n = 0): WebhookEvent {
  const last_webhook_at = new Date(Date.parse(AT) + n * 1_000).toISOString()
  return {
    source: 'points',
    order_id: 'order-1',
    event: 'approved',
    occurrence: '',
    version: sampleVersion(n),
    last_webhook_at,
    received_at: new Date(Date.parse(AT) + n * 1_000 + 250).toISOString(),
    headers: { 'content-type': 'application/json', 'x-webhook-event': 'approved' },
    body: `{"event":"approved","order":{"id":"order-1"},"timestamp":"${last_webhook_at}"}`,
    ...fields,
  }
}

/** A version that rises with `n`. */
export function sampleVersion(n: number): string {
  const ms = `${Date.parse(AT) + n * 1_000}`.padStart(13, '0')
  return `${ms}.0000000000.10.${n.toString(16).padStart(16, '0')}`
}

export function sampleNewEvent(fields: Partial<WebhookEvent> = {}, effects: readonly string[] = ['order']): NewEvent {
  return { event: sampleEvent(fields), effects }
}

export function sampleEntry(fields: Partial<Entry> = {}, n = 0): Entry {
  return {
    id: n.toString(16).padStart(24, '0'),
    event: 'approved',
    version: sampleVersion(n),
    last_webhook_at: new Date(Date.parse(AT) + n * 1_000).toISOString(),
    creating: false,
    effects: [{ name: 'order', floor: 'order' }],
    tries: 0,
    lost_leases: 0,
    since: Date.parse(AT) + n * 1_000 + 500,
    ...fields,
  }
}

export function sampleDead(fields: Partial<DeadEntry> = {}, n = 0): DeadEntry {
  return { ...sampleEntry(fields, n), reason: 'permanent', dead_at: Date.parse(AT) + 60_000, ...fields }
}

/** A free order that is known and has nothing to do. */
export function sampleOrder(fields: Partial<OrderRecord> = {}): OrderRecord {
  return { rev: 1, known: true, last_webhook_at: AT, floors: {}, lane: [], dead: [], ...fields }
}
