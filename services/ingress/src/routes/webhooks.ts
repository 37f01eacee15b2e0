import type { IncomingMessage } from 'node:http'
import { encodeRecord, parseBody, readParsed } from '@hookline/contracts'
import type { WebhookEvent } from '@hookline/contracts'
import type { Log } from '@hookline/service'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Admission } from '../admission.ts'
import { REQUEST_ID } from '../answers.ts'
import type { Answers } from '../answers.ts'
import { withMarks } from '../event-marks.ts'
import type { IngressMetrics } from '../ingress-metrics.ts'
import { problemOf } from '../publish.ts'
import type { Publish } from '../publish.ts'
import type { Quarantine } from '../quarantine/quarantine.ts'
import { readBody } from '../read-body.ts'
import { rotating } from '../secrets/secret.ts'
import type { SecretsBySource } from '../secrets/secret.ts'
import { answerTo } from '../secrets/window.ts'
import type { Source } from '../sources/source.ts'
import type { Turns } from '../turns.ts'
import type { Waves } from '../waves/watch.ts'

export interface WebhookRouteOptions {
  readonly answers: Answers
  readonly admission: Admission
  readonly publish: Publish
  readonly turns: Turns
  readonly quarantine: Quarantine
  readonly addressOf: (request: IncomingMessage) => string
  readonly log: Log
  readonly metrics: IngressMetrics
  readonly now: () => number
  readonly secrets: () => SecretsBySource
  readonly waves: Pick<Waves, 'seen'>
}

/** `POST` of one source: verify the raw bytes, only then read them, answer 2xx only when Kafka has the record. */
export function webhookRoute(source: Source, options: WebhookRouteOptions) {
  const { answers, admission, publish, turns, quarantine, addressOf, log, metrics, now, secrets, waves } = options
  const { catalogue, verify, evidenceOf, storeId, limits } = source
  const name = catalogue.source

  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const arrival = admission.begin()
    reply.raw.once('close', arrival.left)
    const body = await readBody(request.raw, { maxBytes: limits.maxBodyBytes, arrival, nextTurn: turns.next })
    if (typeof body === 'string') return answers.problem(reply, name, body)

    const startedMs = performance.now()
    const receivedAt = now()
    const headers = { ...request.headers, [REQUEST_ID]: request.id }
    const received = { source: name, requestId: request.id, receivedAt, headers, body }

    const verifiable = { body, rawHeaders: request.raw.rawHeaders, now: receivedAt }
    const verdict = await turns.take(() => verify(verifiable), body.length)
    waves.seen(name, verdict, receivedAt)
    if (verdict.kind === 'failed') {
      const { kind: _, ...why } = verdict
      metrics.notVerified({ source: name, reason: verdict.reason })
      quarantine.copy({ ...received, ...why, verified: false }, addressOf(request.raw), () => evidenceOf(verifiable))
      return answers.problem(reply, name, answerTo(verdict.reason, { rotating: rotating(secrets(), name, receivedAt) }))
    }
    const { secretId } = verdict
    metrics.verified(name, secretId)

    const parsed = await turns.take(() => parseBody(catalogue, body), body.length)
    const read = await turns.take(
      () => readParsed(catalogue, parsed, { headers, receivedAt, now: receivedAt, storeId }),
      body.length,
    )
    try {
      switch (read.kind) {
        case 'event': {
          const event = withMarks(read.event, { secretId })
          await publish(catalogue.topic, await turns.take(() => encodeRecord(event), body.length))
          log.debug(acceptedLine(read.event, { secretId, requestId: request.id }), 'webhook accepted')
          return answers.accepted(reply, name, startedMs)
        }
        case 'quarantine': {
          const kept = await quarantine.keep({ ...received, reason: read.code, verified: true, secretId })
          // what is acknowledged must be there; what is refused may be left out
          if (kept === 'full' && read.status === 200) return answers.problem(reply, name, 'quarantine_full')
          return answers.quarantined(reply, name, read)
        }
        case 'refused':
          return answers.refused(reply, name, read)
      }
    } catch (error) {
      return answers.problem(reply, name, problemOf(error), error)
    }
  }
}

/** At the level `debug` alone: a line for each webhook costs about as much as the webhook. */
function acceptedLine(event: WebhookEvent, { secretId, requestId }: { secretId: string; requestId: string }): object {
  const { source, order_id, event: name, version } = event
  return { source, order_id, event: name, version, secret_id: secretId, request_id: requestId }
}
