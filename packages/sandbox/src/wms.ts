import type { FastifyInstance } from 'fastify'
import { addControlRoutes, createApp } from './control-routes.ts'
import { createFaults } from './faults.ts'
import { addWorkRoutes } from './http-work.ts'
import type { JsonObject, WorkRequest } from './http-work.ts'
import { createLedger } from './ledger.ts'

/** A shipment or a return: its last request's body as sent, with the version and how many were executed. */
type Part = JsonObject & { version: string; updates: number }

type WmsOrder = {
  /** `status`, `version` and `last_webhook_at` are those of whichever effect was executed last, as sent. */
  status: unknown
  version: string
  last_webhook_at: unknown
  updates: number
  fulfilment: 'release' | 'hold' | null
  shipments: Map<string, Part>
  returns: Map<string, Part>
}

/**
 * The stand-in warehouse: `PUT /orders/:id/fulfilment` (effect `fulfilment`), `PUT /orders/:id/shipments/:part`
 * (`shipping`) and `PUT /orders/:id/returns/:part` (`return`).
 */
export async function createWms(): Promise<FastifyInstance> {
  const orders = new Map<string, WmsOrder>()
  const ledger = createLedger()
  const faults = createFaults()
  const app = createApp()

  function update({ orderId, body, version }: WorkRequest): WmsOrder {
    const order = orders.get(orderId) ?? newOrder()
    orders.set(orderId, order)
    // A Points shipment's own `status` is the shipping status; the order's comes beside it.
    order.status = body.order_status ?? body.status ?? order.status
    order.version = version
    order.last_webhook_at = body.last_webhook_at ?? null
    order.updates += 1
    return order
  }

  function putFulfilment(request: WorkRequest): void {
    update(request).fulfilment = request.body.action === 'hold' ? 'hold' : 'release'
  }

  addControlRoutes(app, { ledger, faults })
  app.get<{ Params: { id: string } }>('/orders/:id', (request, reply) => {
    const order = orders.get(request.params.id)
    if (!order) return reply.code(404).send({ code: 'unknown_order', message: 'no effect of this order was executed' })
    const shipments = Object.fromEntries(order.shipments)
    const returns = Object.fromEntries(order.returns)
    return { order_id: request.params.id, ...order, shipments, returns }
  })
  await addWorkRoutes(app, {
    ledger,
    faults,
    works: [
      {
        method: 'PUT',
        url: '/orders/:id/fulfilment',
        effect: 'fulfilment',
        refuse: refuseFulfilment,
        apply: putFulfilment,
      },
      {
        method: 'PUT',
        url: '/orders/:id/shipments/:part',
        effect: 'shipping',
        apply: request => putPart(update(request).shipments, request),
      },
      {
        method: 'PUT',
        url: '/orders/:id/returns/:part',
        effect: 'return',
        apply: request => putPart(update(request).returns, request),
      },
    ],
  })
  return app
}

function newOrder(): WmsOrder {
  return {
    status: null,
    version: '',
    last_webhook_at: null,
    updates: 0,
    fulfilment: null,
    shipments: new Map(),
    returns: new Map(),
  }
}

function putPart(parts: Map<string, Part>, { part, body, version }: WorkRequest): void {
  parts.set(part, { ...body, version, updates: (parts.get(part)?.updates ?? 0) + 1 })
}

function refuseFulfilment(body: JsonObject): string | undefined {
  return body.action === 'release' || body.action === 'hold' ? undefined : 'action must be release or hold'
}
