import { encodeRecord, readEvent } from '@hookline/contracts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Answers } from '../answers.ts'
import { MAX_BODY_BYTES, REJECTED_TOPIC } from '../limits.ts'
import { problemOf } from '../publish.ts'
import type { Publish } from '../publish.ts'
import { rejectedRecord } from '../rejected-record.ts'
import type { RejectedRequest } from '../rejected-record.ts'
import type { Source } from '../source.ts'

export interface WebhookRouteOptions {
  readonly answers: Answers
  readonly publish: Publish
  readonly unverified: (request: RejectedRequest, address: string) => void
  readonly now: () => number
}

const EMPTY = Buffer.alloc(0)

/** `POST` of one source: verify the raw bytes, only then read them, answer 2xx only when Kafka has the record. */
export function webhookRoute(source: Source, { answers, publish, unverified, now }: WebhookRouteOptions) {
  const { catalogue, verify, storeId } = source
  const name = catalogue.source

  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const startedMs = performance.now()
    const receivedAt = now()
    const body = Buffer.isBuffer(request.body) ? request.body : EMPTY
    const headers = { ...request.headers, 'x-request-id': request.id }
    const rejected = { source: name, requestId: request.id, receivedAt, headers, body }

    const verdict = verify({ body, rawHeaders: request.raw.rawHeaders })
    if (verdict !== 'verified') {
      unverified({ ...rejected, reason: verdict, verified: false }, request.ip)
      return answers.problem(reply, name, 'unauthenticated')
    }

    const read = readEvent(catalogue, { body, headers, receivedAt, now: receivedAt, storeId })
    try {
      switch (read.kind) {
        case 'event':
          await publish(catalogue.topic, encodeRecord(read.event))
          return answers.accepted(reply, name, startedMs)
        case 'quarantine':
          await publish(
            REJECTED_TOPIC,
            rejectedRecord({ ...rejected, reason: read.code, verified: true }, MAX_BODY_BYTES),
          )
          return answers.quarantined(reply, name, read)
        case 'refused':
          return answers.refused(reply, name, read)
      }
    } catch (error) {
      return answers.problem(reply, name, problemOf(error), error)
    }
  }
}
