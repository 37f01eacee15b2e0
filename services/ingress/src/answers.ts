import type { Quarantine, Refused } from '@hookline/contracts'
import type { FastifyReply } from 'fastify'
import type { IngressMetrics, Outcome } from './ingress-metrics.ts'
import { problemBody, PROBLEMS } from './problems.ts'
import type { Problem, ProblemCode } from './problems.ts'
import type { SampledLog } from './sampled-log.ts'

const JSON_TYPE = 'application/json; charset=utf-8'
/** What a sender's support names, to find the request in our log and the headers kept with its event. */
export const REQUEST_ID = 'x-request-id'
const ACCEPTED = JSON.stringify({ status: 'accepted' })

/** Every answer leaves through here, and is counted here. `source`: the catalogue's name, or `none`. */
export interface Answers {
  readonly accepted: (reply: FastifyReply, source: string, startedMs: number) => FastifyReply
  readonly quarantined: (reply: FastifyReply, source: string, kept: Quarantine) => FastifyReply
  readonly refused: (reply: FastifyReply, source: string, refused: Refused) => FastifyReply
  readonly problem: (reply: FastifyReply, source: string, code: ProblemCode, cause?: unknown) => FastifyReply
}

export function createAnswers({ metrics, sampled }: { metrics: IngressMetrics; sampled: SampledLog }): Answers {
  function send(reply: FastifyReply, source: string, outcome: Outcome, statusCode: number, body: string): FastifyReply {
    metrics.answered({ source, outcome })
    return reply.code(statusCode).header('content-type', JSON_TYPE).header(REQUEST_ID, reply.request.id).send(body)
  }

  function note(reply: FastifyReply, source: string, code: string, statusCode: number, cause?: unknown): void {
    const err = cause === undefined ? {} : { err: cause }
    sampled({ source, code, statusCode, request_id: reply.request.id, ...err })
  }

  return {
    accepted(reply, source, startedMs) {
      metrics.acceptedAfter({ source }, (performance.now() - startedMs) / 1_000)
      return send(reply, source, 'accepted', 200, ACCEPTED)
    },
    quarantined(reply, source, kept) {
      note(reply, source, kept.code, kept.status)
      const { status, code, message } = kept
      const body =
        status === 200
          ? JSON.stringify({ status: 'quarantined', code, message })
          : problemBody({ statusCode: status, code, message })
      return send(reply, source, 'quarantined', status, body)
    },
    refused(reply, source, { status, code, message }) {
      note(reply, source, code, status)
      return send(reply, source, 'refused', status, problemBody({ statusCode: status, code, message }))
    },
    problem(reply, source, code, cause) {
      const { statusCode, message, outcome, headers }: Problem = PROBLEMS[code]
      // failed verifications have a log line of their own
      if (outcome !== 'unauthenticated' && outcome !== 'rotating') note(reply, source, code, statusCode, cause)
      // what is there already goes before
      if (headers !== undefined) reply.headers({ ...headers, ...reply.getHeaders() })
      return send(reply, source, outcome, statusCode, problemBody({ statusCode, code, message }))
    },
  }
}
