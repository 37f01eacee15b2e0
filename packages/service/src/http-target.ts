import pLimit from 'p-limit'
import { Pool } from 'undici'
import { exchange } from './http-exchange.ts'
import type { Answered, HttpMethod } from './http-exchange.ts'
import { type HttpAnswer, httpAnswer } from './http-answer.ts'
import { httpOutcome } from './http-outcome.ts'
import { checkPath } from './http-path.ts'
import { targetBreaker } from './target-breaker.ts'
import type { BreakerOptions } from './target-breaker.ts'
import { EVENT_HEADER, eventHeader, orderOf } from './target-request.ts'
import type { TargetContext } from './target-request.ts'

export type HttpTargetOptions = BreakerOptions & {
  /** How the target is called in errors, logs and metrics, such as `erp`. */
  name: string
  /** With or without a path: `https://erp.example.com/api/v2`. */
  baseUrl: string
  /** From its turn on one of the connections to the last byte of the answer. */
  requestTimeoutMs: number
  /** At most so many requests at a time, each on a connection that is kept. */
  connections: number
  /** Sent with every request, such as an `Authorization`. */
  headers?: Readonly<Record<string, string>>
}

/** One request to a target. */
export interface TargetRequest {
  readonly method: HttpMethod
  /** Absolute, its values encoded, as `httpPath` makes it. */
  readonly path: string
  /** JSON; the same for every attempt. Absent: no body. */
  readonly body?: object
}

/** The client of an HTTP API that honours `Idempotency-Key`. */
export type HttpTarget = {
  /**
   * Returns when the target answered 2xx (also to a repeated key).
   * @param path an absolute path whose values are encoded, as `httpPath` makes it
   * @param body JSON; the same value gives the same bytes, so that a retry under the key repeats the request
   * @throws Permanent when the target refused for good, with the first kilobyte of its answer
   * @throws Retryable when it surely did nothing, Unknown when it may have done it (or still may)
   * @throws Outage when it is misconfigured (401, 403, 404, 405, 501, TLS) or its breaker is open
   */
  put(path: string, body: object, context: TargetContext): Promise<void>
  /** As {@link HttpTarget.put}. */
  post(path: string, body: object, context: TargetContext): Promise<void>
  /**
   * As {@link HttpTarget.put}, by any method and with the answer, once it is 2xx. A repeated key gets the first answer, where the
   * target does as it should; what is to be kept of it, such as an id that the target gave, the handler returns as `state`.
   */
  send(request: TargetRequest, context: TargetContext): Promise<HttpAnswer>
  /** Ends the connections; a request under way fails. */
  close(): Promise<void>
}

// Below what servers commonly keep an idle connection (5 s), so that no request meets one that is being closed.
const KEEP_ALIVE_MS = 4_000

export function httpTarget(options: HttpTargetOptions): HttpTarget {
  const { name, requestTimeoutMs: timeoutMs, connections } = options
  const base = new URL(options.baseUrl)
  const prefix = base.pathname.replace(/\/+$/, '')
  const breaker = targetBreaker(name, options)
  // Who waits for one of our own connections does not wait for the target: it must not time out and open the breaker.
  const turn = pLimit(connections)
  // The time-outs of undici are off: exchange has one over all of a request.
  const pool = new Pool(base.origin, {
    connections,
    keepAliveTimeout: KEEP_ALIVE_MS,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: timeoutMs },
  })

  async function ask({ method, path, body }: TargetRequest, context: TargetContext): Promise<Answered> {
    checkPath(name, path)
    const request = {
      method,
      path: prefix + path,
      headers: {
        ...options.headers,
        ...(body && { 'content-type': 'application/json' }),
        'idempotency-key': context.effectKey,
        [EVENT_HEADER.toLowerCase()]: eventHeader(context),
      },
      body: body ? JSON.stringify(body) : null,
    }
    const { signal } = context
    const once = async () => httpOutcome(name, await exchange(pool, request, { timeoutMs, signal }))
    return await turn(() => breaker.run(orderOf(context), once))
  }

  return {
    async put(path, body, context) {
      await ask({ method: 'PUT', path, body }, context)
    },
    async post(path, body, context) {
      await ask({ method: 'POST', path, body }, context)
    },
    send: async (request, context) => httpAnswer(await ask(request, context)),
    close: () => pool.destroy(),
  }
}
