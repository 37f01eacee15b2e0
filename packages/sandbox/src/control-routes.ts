import { Readable } from 'node:stream'
import Fastify from 'fastify'
import type { FastifyInstance } from 'fastify'
import { faultSchema } from './faults.ts'
import type { Fault, Faults } from './faults.ts'
import type { Ledger } from './ledger.ts'

/** A fastify that closes at once, also with requests open, and takes order ids of any usable length in the path. */
export function createApp(): FastifyInstance {
  return Fastify({
    forceCloseConnections: true,
    bodyLimit: 4 * 1024 * 1024,
    routerOptions: { maxParamLength: 4_096 },
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false } },
  })
}

/** `/ledger` and `/faults`: what a test or a person asks of a sandbox. No fault ever touches them. */
export function addControlRoutes(app: FastifyInstance, { ledger, faults }: { ledger: Ledger; faults: Faults }): void {
  app.get<{ Querystring: { order_id?: string; after?: string } }>('/ledger', (request, reply) => {
    const { order_id: orderId, after } = request.query
    const only = {
      ...(orderId !== undefined && { orderId }),
      ...(after !== undefined && { after: Number(after) || 0 }),
    }
    return reply.type('application/json').send(Readable.from(ledger.read(only)))
  })
  app.delete('/ledger', (_request, reply) => {
    ledger.clear()
    return reply.code(204).send()
  })
  app.get('/faults', () => ({ fault: faults.current(), bites: faults.bites() }))
  app.put<{ Body: Fault }>('/faults', { schema: { body: faultSchema } }, request => {
    faults.set(request.body)
    return { fault: faults.current(), bites: faults.bites() }
  })
}
