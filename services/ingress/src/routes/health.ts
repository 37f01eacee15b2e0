import type { FastifyInstance } from 'fastify'
import { REQUEST_ID } from '../answers.ts'
import { SAFE_HEADERS } from '../safe-headers.ts'

export const HEALTH_PATH = '/health'

/** `Allow` of the path. */
export const HEALTH_METHODS = 'GET, HEAD'

const OK = JSON.stringify({ status: 'ok' })
const UNAVAILABLE = JSON.stringify({ status: 'unavailable' })

/**
 * For load balancers, on the port that strangers reach: whether to send webhooks here, and nothing else. Only a process
 * that is ending says no, and goes on until `drained`. Were a Kafka that does not store a reason, all processes would
 * be taken out at once, and senders would get the balancer's error page in place of our 503.
 */
export function healthRoute(app: FastifyInstance, drained: () => Promise<unknown>): void {
  let ending = false
  app.addHook('preClose', async () => {
    ending = true
    await drained()
  })
  app.get(HEALTH_PATH, (request, reply) =>
    reply
      .code(ending ? 503 : 200)
      .headers({ ...SAFE_HEADERS, 'content-type': 'application/json; charset=utf-8', [REQUEST_ID]: request.id })
      .send(ending ? UNAVAILABLE : OK),
  )
}
