import { fastify } from 'fastify'
import type { FastifyInstance } from 'fastify'
import type { Metrics } from './metrics.ts'

/** `true`, or why not, in words that a stranger may read. Called at every probe: it must be quick. */
export type ReadyCheck = () => true | string

export interface Admin {
  readonly app: FastifyInstance
  /** The service is ready when all of its checks are. */
  readonly ready: (name: string, check: ReadyCheck) => void
}

/** `GET /livez`, `/readyz` and `/metrics`, on a port of their own that senders do not reach. */
export function createAdmin(metrics: Metrics): Admin {
  const app = fastify({ logger: false, forceCloseConnections: true })
  const checks = new Map<string, ReadyCheck>()

  app.get('/livez', () => ({ status: 'alive' }))

  app.get('/readyz', (_request, reply) => {
    const failing: Record<string, string> = {}
    for (const [name, check] of checks) {
      const answer = check()
      if (answer !== true) failing[name] = answer
    }
    if (Object.keys(failing).length === 0) return { status: 'ready' }
    return reply.code(503).send({ status: 'not ready', failing })
  })

  app.get('/metrics', async (_request, reply) => {
    const text = await metrics.registry.metrics()
    return reply.header('content-type', metrics.registry.contentType).send(text)
  })

  return { app, ready: (name, check) => void checks.set(name, check) }
}
