import type { FastifyInstance } from 'fastify'
import { healthRoute } from './health.ts'

export interface RoutesOptions {
  readonly sources: readonly { readonly path: string }[]
  readonly drained: () => Promise<unknown>
}

/** Every route of the public port: the app has these, and the OpenAPI document is made of these. */
export function declareRoutes(app: FastifyInstance, { sources, drained }: RoutesOptions): void {
  for (const { path } of sources) app.post(path, takenByTheGate)
  healthRoute(app, drained)
}

/** Fastify knows of them so that it can say which methods and paths there are. */
function takenByTheGate(): never {
  throw new Error('a webhook went past the gate')
}
