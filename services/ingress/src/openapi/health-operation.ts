import type { FastifySchema } from 'fastify'

/** What the document says of `/health`. */
export const healthOperation: FastifySchema = {
  operationId: 'health',
  summary: 'Whether webhooks may be sent here',
  description:
    'For load balancers; HEAD is answered as well. It says nothing of Kafka: what cannot be stored is answered 503 with ' +
    'Retry-After by the webhooks themselves.',
  security: [],
  response: {
    200: answer('ok', 'Send webhooks here.'),
    503: answer('unavailable', 'This process is ending. Send webhooks to another one.'),
  },
}

function answer(status: string, description: string): object {
  return {
    description,
    content: { 'application/json': { schema: { $ref: '#/components/schemas/health' }, example: { status } } },
  }
}
