import type { FastifyInstance, RouteHandlerMethod } from 'fastify'
import { healthRoute } from './health.ts'

export interface RoutesOptions<Source extends { readonly path: string }> {
  readonly sources: readonly Source[]
  readonly webhook: (source: Source) => RouteHandlerMethod
  readonly drained: () => Promise<unknown>
}

/** Every route of the public port: the app has these, and the OpenAPI document is made of these. */
export function declareRoutes<Source extends { readonly path: string }>(
  app: FastifyInstance,
  { sources, webhook, drained }: RoutesOptions<Source>,
): void {
  for (const source of sources) app.post(source.path, webhook(source))
  healthRoute(app, drained)
}
