import { createHmac, randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { Pool } from 'undici'
import type { SourceName, StackInfo } from '../stack-file.ts'
import type { Delivery } from './arrivals.ts'
import type { PlannedEvent, Plan } from './plan.ts'

/** One HTTP request of a sender and what came back. Times in milliseconds since 1970. */
export interface SentRequest {
  readonly event: PlannedEvent
  readonly sentAt: number
  readonly answeredAt: number
  /** 0 where there was no answer. */
  readonly status: number
  /** 1 for the first, as often as Points tries: 3. */
  readonly attempt: number
}

export interface SenderOptions {
  readonly ingress: string
  readonly sources: StackInfo['sources']
  /** How long all of it takes where the ingress keeps up. */
  readonly sendingMs: number
  readonly signal: AbortSignal
  /** Called before each delivery; what it waits for holds up this order's deliveries only. */
  readonly before?: (delivery: Delivery, started: number) => Promise<void>
  readonly onRequest: (request: SentRequest) => void
  readonly onDelivered: () => void
}

const ATTEMPTS = 3
const AGAIN_AFTER_MS = 250
const CONNECTIONS = 64
const ANSWER_WITHIN_MS: Readonly<Record<SourceName, number>> = { points: 10_000, hc: 30_000 }

/**
 * Sends every delivery at its moment. Those of one order wait for the answer to the one before, so that the order of
 * arrival is the plan's; orders are sent side by side.
 */
export async function send(plan: Plan, options: SenderOptions): Promise<void> {
  const { signal, sendingMs } = options
  const pool = new Pool(options.ingress, { connections: CONNECTIONS })
  const lastOfOrder = new Map<string, Promise<void>>()
  const began = performance.now()
  let started = 0

  async function deliver(delivery: Delivery, after: Promise<void> | undefined): Promise<void> {
    await after
    signal.throwIfAborted()
    await options.before?.(delivery, started++)
    await Promise.all(Array.from({ length: delivery.copies }, () => persist(pool, delivery.event, options)))
    options.onDelivered()
  }

  try {
    for (const delivery of plan.deliveries) {
      const early = began + delivery.moment * sendingMs - performance.now()
      if (early > 1) await delay(early, undefined, { signal })
      const { event } = delivery
      const chain = event.genuine ? event.order.id : `forged ${event.order.id}`
      const sent = deliver(delivery, lastOfOrder.get(chain))
      sent.catch(() => {}) // seen below; a rejection must not wait unhandled until then
      lastOfOrder.set(chain, sent)
    }
    await Promise.all(lastOfOrder.values())
  } finally {
    await pool.destroy()
  }
}

/** As Points does: up to three attempts on anything but 2xx. */
async function persist(pool: Pool, event: PlannedEvent, options: SenderOptions): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const sentAt = Date.now()
    const status = await post(pool, event, options)
    options.signal.throwIfAborted()
    options.onRequest({ event, sentAt, answeredAt: Date.now(), status, attempt })
    if (status >= 200 && status < 300) return
    if (attempt < ATTEMPTS) await delay(AGAIN_AFTER_MS, undefined, { signal: options.signal })
  }
}

async function post(pool: Pool, event: PlannedEvent, { sources, signal }: SenderOptions): Promise<number> {
  const { source } = event.order
  const limit = AbortSignal.timeout(ANSWER_WITHIN_MS[source])
  try {
    const answer = await pool.request({
      method: 'POST',
      path: new URL(sources[source].url).pathname,
      headers: { 'content-type': 'application/json', ...credentials(event, sources[source].secret) },
      body: event.body,
      signal: AbortSignal.any([signal, limit]),
    })
    await answer.body.dump()
    return answer.statusCode
  } catch {
    return 0 // no answer: it may have been accepted all the same
  }
}

function credentials(event: PlannedEvent, secret: string): Record<string, string> {
  const used = event.genuine ? secret : randomBytes(32).toString('base64url')
  if (event.order.source === 'points') return { 'x-webhook-secret': used, 'x-webhook-event': event.step.event }
  return { 'x-webhook-signature': createHmac('sha256', used).update(event.body).digest('hex') }
}
