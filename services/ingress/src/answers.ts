import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Quarantine, Refused } from '@hookline/contracts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { IngressMetrics, Outcome } from './ingress-metrics.ts'
import { problemBody, PROBLEMS } from './problems.ts'
import type { Problem, ProblemCode } from './problems.ts'
import { SAFE_HEADERS } from './safe-headers.ts'
import type { SampledLog } from './sampled-log.ts'

/** What a sender's support names, to find the request in our log and the headers kept with its event. */
export const REQUEST_ID = 'x-request-id'
const ACCEPTED = JSON.stringify({ status: 'accepted' })
/** Names and values in turn: Node writes such a list as it is. */
const EVERY_ANSWER = [...Object.entries(SAFE_HEADERS).flat(), 'content-type', 'application/json; charset=utf-8']

/** A request and its answer, as Node has them. */
export interface Exchange {
  /** The answer says it as `x-request-id`. */
  readonly id: string
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

/** Takes a request from Fastify, which is done with it. */
export function takenFrom(request: FastifyRequest, reply: FastifyReply): Exchange {
  reply.hijack()
  return { id: request.id, request: request.raw, response: reply.raw }
}

interface ProblemOptions {
  readonly cause?: unknown
  /** In place of the problem's own. Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>
}

/** Every answer to a webhook, and every problem, leaves through here, and is counted here. `source`: the catalogue's name, or `none`. */
export interface Answers {
  readonly accepted: (exchange: Exchange, source: string, startedMs: number) => void
  readonly quarantined: (exchange: Exchange, source: string, kept: Quarantine) => void
  readonly refused: (exchange: Exchange, source: string, refused: Refused) => void
  readonly problem: (exchange: Exchange, source: string, code: ProblemCode, options?: ProblemOptions) => void
}

interface Answer {
  readonly outcome: Outcome
  readonly statusCode: number
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

export function createAnswers({ metrics, sampled }: { metrics: IngressMetrics; sampled: SampledLog }): Answers {
  function send({ id, response }: Exchange, source: string, { outcome, statusCode, body, headers }: Answer): void {
    metrics.answered({ source, outcome })
    const fields = [...EVERY_ANSWER, 'content-length', String(Buffer.byteLength(body)), REQUEST_ID, id]
    for (const name in headers) fields.push(name, headers[name] ?? '')
    response.writeHead(statusCode, fields).end(body)
  }

  function note({ id }: Exchange, source: string, code: string, statusCode: number, cause?: unknown): void {
    const err = cause === undefined ? {} : { err: cause }
    sampled({ source, code, statusCode, request_id: id, ...err })
  }

  return {
    accepted(exchange, source, startedMs) {
      metrics.acceptedAfter({ source }, (performance.now() - startedMs) / 1_000)
      send(exchange, source, { outcome: 'accepted', statusCode: 200, body: ACCEPTED })
    },
    quarantined(exchange, source, { status, code, message }) {
      note(exchange, source, code, status)
      const body =
        status === 200
          ? JSON.stringify({ status: 'quarantined', code, message })
          : problemBody({ statusCode: status, code, message })
      send(exchange, source, { outcome: 'quarantined', statusCode: status, body })
    },
    refused(exchange, source, { status, code, message }) {
      note(exchange, source, code, status)
      const body = problemBody({ statusCode: status, code, message })
      send(exchange, source, { outcome: 'refused', statusCode: status, body })
    },
    problem(exchange, source, code, { cause, headers } = {}) {
      const { statusCode, message, outcome, headers: own }: Problem = PROBLEMS[code]
      // failed verifications have a log line of their own
      if (outcome !== 'unauthenticated' && outcome !== 'rotating') note(exchange, source, code, statusCode, cause)
      const body = problemBody({ statusCode, code, message })
      send(exchange, source, { outcome, statusCode, body, headers: { ...own, ...headers } })
    },
  }
}
