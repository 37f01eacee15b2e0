import { createHash } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { parseEventHeader } from './event-header.ts'
import type { Faults } from './faults.ts'
import type { Ledger, LedgerEntry } from './ledger.ts'

export type JsonObject = Record<string, unknown>

export type WorkRequest = {
  orderId: string
  effect: string
  /** The fulfilment or the return, where the path names one. */
  part: string
  body: JsonObject
  /** The version of the event, of the header or else of the body. */
  version: string
}

/** One thing that a target does for a request: a route, its effect's name and the work. */
export type Work = {
  method: 'PUT' | 'POST' | 'PATCH' | 'DELETE'
  url: string
  /** Absent: what `X-Hookline-Event` says, as the order where the path names none. */
  effect?: string
  /** Why this body is refused (422), if it is. */
  refuse?(body: JsonObject): string | undefined
  apply(request: WorkRequest): void
}

type Answer = { status: number; body: JsonObject }
type Route = { Params: { id?: string; part?: string }; Body: Buffer | undefined }
type Seen = Omit<LedgerEntry, 'n' | 'at' | 'executed' | 'status'>

/**
 * Adds the routes that do work, with keys, faults and the ledger around each of them.
 *
 * A repeated `Idempotency-Key` gets the first answer again; while the first request with it is in progress, 409.
 * What is refused uses up no key. A request without a key is done every time, so that a missing key shows.
 */
export async function addWorkRoutes(
  app: FastifyInstance,
  { works, ledger, faults }: { works: readonly Work[]; ledger: Ledger; faults: Faults },
): Promise<void> {
  const answers = new Map<string, Answer | 'in progress'>()
  const closing = new AbortController()
  app.addHook('preClose', async () => closing.abort())

  async function answer(work: Work, request: FastifyRequest<Route>, reply: FastifyReply): Promise<unknown> {
    const described = describe(work, request)
    const fault = faults.take(described.order_id)
    const seen: Seen = { ...described, ...(fault && { fault: fault.mode }) }
    const refuse = (refusal: Answer): Answer => {
      ledger.add({ ...seen, executed: false, status: refusal.status })
      return refusal
    }

    if (fault?.mode === 'down') {
      refuse({ status: 0, body: {} })
      return reset(request, reply)
    }
    if (fault?.mode === 'status') {
      if (fault.retry_after_s !== undefined) reply.header('retry-after', String(fault.retry_after_s))
      return send(reply, refuse(refusal(fault.status, 'fault', 'a fault is switched on')))
    }

    if (seen.order_id === '' || seen.effect === '') {
      return send(reply, refuse(refusal(400, 'no_event', 'X-Hookline-Event must name the order and the effect')))
    }
    const known = answers.get(seen.key)
    if (known === 'in progress') {
      return send(reply, refuse(refusal(409, 'in_progress', 'the first request with this key is in progress')))
    }
    const body = known ? undefined : bodyOf(request)
    if (body instanceof SyntaxError) return send(reply, refuse(refusal(400, 'bad_json', body.message)))
    const reason = body && work.refuse?.(body)
    if (reason) return send(reply, refuse(refusal(422, 'refused', reason)))

    if (body && seen.key) answers.set(seen.key, 'in progress')
    // The delay is before the work: a client that gives up meanwhile cannot know that it is done all the same.
    if (fault?.mode === 'slow')
      await delay(fault.delay_ms, undefined, { signal: closing.signal }).catch(() => undefined)
    if (closing.signal.aborted) return reset(request, reply)
    const outcome = known ?? execute(work, { part: request.params.part ?? '', body: body ?? {}, seen })
    if (body && seen.key) answers.set(seen.key, outcome)
    ledger.add({ ...seen, executed: known === undefined, status: outcome.status })

    if (fault?.mode === 'drop-answer') return reset(request, reply)
    if (known) reply.header('idempotent-replayed', 'true')
    return send(reply, outcome)
  }

  await app.register(async scope => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    for (const work of works) {
      scope.route<Route>({
        method: work.method,
        url: work.url,
        handler: (request, reply) => answer(work, request, reply),
        errorHandler: (error, request, reply) => {
          const status = error.statusCode ?? 500
          ledger.add({ ...describe(work, request), executed: false, status })
          void send(reply, refusal(status, error.code, error.message))
        },
      })
    }
  })
}

function describe(work: Work, request: FastifyRequest<Route>): Seen {
  const header = parseEventHeader(request.headers['x-hookline-event'])
  const key = request.headers['idempotency-key']
  return {
    arrived_at: new Date().toISOString(),
    order_id: request.params.id ?? header.order,
    source: header.source,
    event: header.event,
    effect: work.effect ?? header.effect,
    key: typeof key === 'string' ? key : '',
    version: header.version,
    body_digest: createHash('sha256')
      .update(request.body ?? '')
      .digest('hex')
      .slice(0, 16),
  }
}

function execute(work: Work, { part, body, seen }: { part: string; body: JsonObject; seen: Seen }): Answer {
  const { order_id, effect } = seen
  const version = seen.version || (typeof body.version === 'string' ? body.version : '')
  work.apply({ orderId: order_id, effect, part, body, version })
  return { status: 200, body: { order_id, effect, version } }
}

function refusal(status: number, code: string, message: string): Answer {
  return { status, body: { code, message } }
}

function send(reply: FastifyReply, answer: Answer): FastifyReply {
  return reply.code(answer.status).send(answer.body)
}

function reset(request: FastifyRequest<Route>, reply: FastifyReply): FastifyReply {
  reply.hijack()
  request.raw.socket.resetAndDestroy()
  return reply
}

/** A DELETE needs none. */
function bodyOf({ method, body }: FastifyRequest<Route>): JsonObject | SyntaxError {
  return method === 'DELETE' && !body?.length ? {} : parseObject(body)
}

function parseObject(body: Buffer | undefined): JsonObject | SyntaxError {
  try {
    const value: unknown = JSON.parse(body?.toString('utf8') ?? '')
    return isObject(value) ? value : new SyntaxError('the body is not a JSON object')
  } catch (error) {
    return error instanceof SyntaxError ? error : new SyntaxError(String(error))
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
