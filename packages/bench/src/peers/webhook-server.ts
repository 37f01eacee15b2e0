import { randomUUID, timingSafeEqual } from 'node:crypto'
import { fastify } from 'fastify'

/** What is done with a webhook that is verified, before it is answered. */
export type Store = (orderId: string, body: object) => unknown

interface PointsWebhook {
  readonly event: string
  readonly order: { readonly id: string }
  readonly timestamp: string
}

const text = { type: ['string', 'null'] }
const BODY = {
  type: 'object',
  required: ['event', 'order', 'timestamp'],
  properties: {
    event: { type: 'string', minLength: 1, maxLength: 128 },
    order: {
      type: 'object',
      required: ['id'],
      properties: {
        id: { type: 'string', pattern: '^[A-Za-z0-9_.:-]{1,128}$' },
        reference_number: text,
        order_number: text,
        type: text,
        total_price: { type: ['number', 'null'] },
        total_points: { type: ['number', 'null'] },
        payment_status: text,
        order_status: text,
        metadata: { type: ['object', 'null'] },
        created_at: text,
        updated_at: text,
      },
    },
    timestamp: { type: 'string', format: 'date-time' },
  },
}
/** The same answers as ours, header for header. */
const HEADERS = {
  'content-security-policy': "default-src 'none';frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
  'content-type': 'application/json; charset=utf-8',
}
const ACCEPTED = JSON.stringify({ status: 'accepted' })

/** The receiver that a team writes with Fastify: its own parser and schema, the secret in constant time, no log line per request. */
export async function serve(store: Store): Promise<void> {
  const secret = Buffer.from(variable('POINTS_WEBHOOK_SECRET'))
  const app = fastify({
    bodyLimit: 1_048_576,
    keepAliveTimeout: 72_000,
    requestTimeout: 10_000,
    http: { maxHeaderSize: 16_384 },
    genReqId: () => randomUUID(),
  })

  app.post<{ Body: PointsWebhook }>('/webhooks/points', { schema: { body: BODY } }, async (request, reply) => {
    const given = Buffer.from(String(request.headers['x-webhook-secret'] ?? ''))
    reply.headers(HEADERS).header('x-request-id', request.id)
    if (given.length !== secret.length || !timingSafeEqual(given, secret)) {
      return reply.code(401).send(JSON.stringify({ statusCode: 401, error: 'Unauthorized' }))
    }
    await store(request.body.order.id, request.body)
    return reply.send(ACCEPTED)
  })
  app.get('/health', () => ({ status: 'ok' }))
  process.once('SIGTERM', () => void app.close().then(() => process.exit(0)))
  await app.listen({ host: '127.0.0.1', port: Number(variable('PORT')), backlog: 4_096 })
}

export function variable(name: string): string {
  const value = process.env[name]
  if (value === undefined) throw new Error(`${name} is not set`)
  return value
}
