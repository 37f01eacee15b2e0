import type { FastifyInstance } from 'fastify'
import { addControlRoutes, createApp } from './control-routes.ts'
import { createFaults } from './faults.ts'
import { addWorkRoutes } from './http-work.ts'
import type { JsonObject, WorkRequest } from './http-work.ts'
import { createLedger } from './ledger.ts'

/**
 * A stand-in for any HTTP API: it takes PUT and POST on every path but `/faults`. `X-Hookline-Event` says which order
 * and effect a request is for. `GET /orders/:id` shows the body that each effect executed last.
 */
export async function createGeneric(): Promise<FastifyInstance> {
  const orders = new Map<string, Map<string, JsonObject>>()
  const ledger = createLedger()
  const faults = createFaults()
  const app = createApp()

  function keep({ orderId, effect, body }: WorkRequest): void {
    const effects = orders.get(orderId) ?? new Map<string, JsonObject>()
    orders.set(orderId, effects.set(effect, body))
  }

  addControlRoutes(app, { ledger, faults })
  app.get<{ Params: { id: string } }>('/orders/:id', (request, reply) => {
    const effects = orders.get(request.params.id)
    if (!effects)
      return reply.code(404).send({ code: 'unknown_order', message: 'no effect of this order was executed' })
    return { order_id: request.params.id, effects: Object.fromEntries(effects) }
  })
  await addWorkRoutes(app, {
    ledger,
    faults,
    works: (['PUT', 'POST', 'PATCH', 'DELETE'] as const).map(method => ({ method, url: '/*', apply: keep })),
  })
  return app
}
