import swagger from '@fastify/swagger'
import { bodiesOf } from '@hookline/contracts'
import { fastify } from 'fastify'
import { HEALTH_PATH } from '../routes/health.ts'
import { declareRoutes } from '../routes/routes.ts'
import { declaredSources } from '../sources/declared-sources.ts'
import { pathOf } from '../sources/source.ts'
import type { SourceDeclaration } from '../sources/source.ts'
import { healthOperation } from './health-operation.ts'
import { webhookOperation } from './operation.ts'
import { schemasOf } from './request-body.ts'
import { schemas } from './schemas.ts'
import { securitySchemes } from './security.ts'

/** Raise its first number with a change that breaks who sends. */
const VERSION = '1.0.0'

const DESCRIPTION =
  'Where senders deliver their webhooks. A 200 says that the webhook is stored; everything else names a stable code, and ' +
  'what to do. What is our own fault is always 503 with Retry-After, never a 4xx. In words: for-senders.md.'

/**
 * The public port as OpenAPI 3.1, made of the app's own routes; the same for the same declarations. What is said of a
 * route is looked up only here: the routes themselves have no schemas, and nothing validates or shapes a request by one.
 */
export async function openapiDocument(declared: readonly SourceDeclaration[] = declaredSources): Promise<object> {
  const sources = declared.map(one => ({ ...one, path: pathOf(one.catalogue) }))
  const app = fastify()
  await app.register(swagger, {
    convertConstToEnum: false,
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Hookline ingress',
        version: VERSION,
        description: DESCRIPTION,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: 'https://hooks.example.com', description: 'An example: the merchant names the host.' }],
      components: {
        securitySchemes: securitySchemes(declared),
        schemas: Object.assign({}, schemas, ...declared.map(({ catalogue }) => bodySchemasOf(catalogue))),
      },
    },
    transform: ({ url }) => ({ url, schema: operationAt(url, sources) }),
  })
  declareRoutes(app, { sources, drained: async () => {} })
  await app.ready()
  const document = app.swagger()
  await app.close()
  return document
}

function operationAt(url: string, sources: readonly (SourceDeclaration & { path: string })[]) {
  if (url === HEALTH_PATH) return healthOperation
  const source = sources.find(({ path }) => path === url)
  if (source === undefined) throw new Error(`${url} is a route that nobody has described`)
  return webhookOperation(source)
}

function bodySchemasOf(catalogue: SourceDeclaration['catalogue']): object {
  const own = schemasOf(catalogue)
  return own === undefined ? {} : bodiesOf(catalogue, own)
}
