import type { FastifyInstance } from 'fastify'
import { addControlRoutes, createApp } from './control-routes.ts'
import { createFaults } from './faults.ts'
import { addWorkRoutes } from './http-work.ts'
import type { JsonObject, WorkRequest } from './http-work.ts'
import { createLedger } from './ledger.ts'

type ErpOrder = {
  /** `status`, `version` and `last_webhook_at` are those of the `order` effect that was executed last, as sent. */
  status: unknown
  version: string
  last_webhook_at: unknown
  /** How many `order` effects were executed. */
  updates: number
  /** How many entries were booked, by kind. */
  entries: Record<string, number>
}

// Entries of both senders are booked under one name; a kind that is not here keeps its own.
const BOOKED_AS = new Map([
  ['settlement', 'settled'],
  ['auto_refunded', 'refunded'],
  ['return', 'returned'],
  ['refund', 'refunded'],
  ['capture', 'captured'],
  ['payment', 'paid'],
])

/** The stand-in ERP: `PUT /orders/:id` (effect `order`) and `POST /orders/:id/entries` (effect `entry`). */
export async function createErp(): Promise<FastifyInstance> {
  const orders = new Map<string, ErpOrder>()
  const ledger = createLedger()
  const faults = createFaults()
  const app = createApp()

  function orderOf(id: string): ErpOrder {
    const entries = { settled: 0, captured: 0, paid: 0, refunded: 0, returned: 0 }
    const order = orders.get(id) ?? { status: null, version: '', last_webhook_at: null, updates: 0, entries }
    orders.set(id, order)
    return order
  }

  function putOrder({ orderId, body, version }: WorkRequest): void {
    const order = orderOf(orderId)
    order.status = body.status ?? null
    order.version = version
    order.last_webhook_at = body.last_webhook_at ?? null
    order.updates += 1
  }

  function postEntry({ orderId, body }: WorkRequest): void {
    const { entries } = orderOf(orderId)
    const kind = BOOKED_AS.get(String(body.kind)) ?? String(body.kind)
    entries[kind] = (entries[kind] ?? 0) + 1
  }

  addControlRoutes(app, { ledger, faults })
  app.get<{ Params: { id: string } }>('/orders/:id', (request, reply) => {
    const order = orders.get(request.params.id)
    if (!order) return reply.code(404).send({ code: 'unknown_order', message: 'no effect of this order was executed' })
    return { order_id: request.params.id, ...order }
  })
  await addWorkRoutes(app, {
    ledger,
    faults,
    works: [
      { method: 'PUT', url: '/orders/:id', effect: 'order', apply: putOrder },
      { method: 'POST', url: '/orders/:id/entries', effect: 'entry', refuse: refuseEntry, apply: postEntry },
    ],
  })
  return app
}

function refuseEntry(body: JsonObject): string | undefined {
  const named = typeof body.kind === 'string' && /^[a-z_]{1,64}$/.test(body.kind) && body.kind !== '__proto__'
  return named ? undefined : 'an entry needs a kind (lower-case letters and underscores)'
}
