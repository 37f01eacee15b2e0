import type { IncomingMessage } from 'node:http'
import { encodeWithBody, parseBody, readParsed } from '@hookline/contracts'
import type { EncodedRecord, Quarantine as Unusable, Refused, WebhookEvent } from '@hookline/contracts'
import type { Log } from '@hookline/service'
import type { Admission } from './admission.ts'
import { REQUEST_ID } from './answers.ts'
import type { Answers, Exchange } from './answers.ts'
import { withMarks } from './event-marks.ts'
import type { IngressMetrics } from './ingress-metrics.ts'
import { problemOf } from './publish.ts'
import type { Publish } from './publish.ts'
import type { Quarantine } from './quarantine/quarantine.ts'
import { readBody } from './read-body.ts'
import { rotating } from './secrets/secret.ts'
import type { SecretsBySource } from './secrets/secret.ts'
import { answerTo } from './secrets/window.ts'
import type { Source } from './sources/source.ts'
import type { Steps, Turns } from './turns.ts'
import type { VerifiableRequest, Verdict } from './verifiers/verifier.ts'
import type { Waves } from './waves/watch.ts'

export interface WebhookOptions {
  readonly answers: Answers
  readonly admission: Admission
  readonly publish: Publish
  readonly turns: Turns
  readonly quarantine: Quarantine
  readonly addressOf: (request: IncomingMessage) => string
  /** Tells a client that waits for it to send its body. */
  readonly invite: (request: IncomingMessage) => void
  /** Whether the connection takes no further answer. */
  readonly gaveUp: (socket: IncomingMessage['socket']) => boolean
  readonly log: Log
  readonly metrics: IngressMetrics
  readonly now: () => number
  readonly secrets: () => SecretsBySource
  readonly waves: Pick<Waves, 'seen'>
}

/** What a request turned out to be. `secretId`: of the secret that it was made with. */
type Judged =
  | Extract<Verdict, { kind: 'failed' }>
  | {
      readonly kind: 'event'
      readonly event: WebhookEvent
      readonly record: EncodedRecord
      readonly secretId: string
    }
  | { readonly kind: 'no_event'; readonly why: Unusable | Refused; readonly secretId: string }

/** `POST` of one source: verify the raw bytes, only then read them, answer 2xx only when Kafka has the record. */
export function webhook(source: Source, options: WebhookOptions) {
  const { answers, admission, publish, turns, quarantine, metrics, now, secrets, waves } = options
  const { catalogue, verify, evidenceOf, storeId, limits } = source
  const name = catalogue.source

  function* judge(verifiable: VerifiableRequest, headers: IncomingMessage['headers']): Steps<Judged> {
    const { body, now: receivedAt } = verifiable
    const verdict = verify(verifiable)
    waves.seen(name, verdict, receivedAt)
    if (verdict.kind === 'failed') return verdict
    const { secretId } = verdict
    metrics.verified(name, secretId)
    yield
    const parsed = parseBody(catalogue, body)
    yield
    const read = readParsed(catalogue, parsed, { headers, receivedAt, now: receivedAt, storeId })
    if (read.kind !== 'event') return { kind: 'no_event', why: read, secretId }
    yield
    const event = withMarks(read.event, { secretId })
    return { kind: 'event', event, record: encodeWithBody(event, body), secretId }
  }

  async function handle(exchange: Exchange): Promise<void> {
    const { id, request, response } = exchange
    const arrival = admission.begin()
    response.on('close', arrival.left)
    options.invite(request)
    const body = await readBody(request, { maxBytes: limits.maxBodyBytes, arrival, nextTurn: turns.next })
    if (typeof body === 'string') {
      if (body !== 'client_gone' || !options.gaveUp(request.socket)) answers.problem(exchange, name, body)
      return
    }

    const startedMs = performance.now()
    const receivedAt = now()
    const { headers, rawHeaders } = request
    // set in place: a copy of all of them costs more than reading them
    headers[REQUEST_ID] = id
    const received = { source: name, requestId: id, receivedAt, headers, body }
    const verifiable = { body, rawHeaders, now: receivedAt }
    const judged = await turns.takeSteps(judge(verifiable, headers), body.length)
    try {
      switch (judged.kind) {
        case 'failed': {
          const { reason, secretId } = judged
          const why = secretId === undefined ? { reason } : { reason, secretId }
          metrics.notVerified({ source: name, reason })
          const evidence = () => evidenceOf(verifiable)
          quarantine.copy({ ...received, ...why, verified: false }, options.addressOf(request), evidence)
          const inRotation = { rotating: rotating(secrets(), name, receivedAt) }
          return answers.problem(exchange, name, answerTo(reason, inRotation))
        }
        case 'event':
          await publish(catalogue.topic, judged.record)
          tell(judged, id)
          return answers.accepted(exchange, name, startedMs)
        case 'no_event': {
          const { why, secretId } = judged
          if (why.kind === 'refused') return answers.refused(exchange, name, why)
          const kept = await quarantine.keep({ ...received, reason: why.code, verified: true, secretId })
          // what is acknowledged must be there; what is refused may be left out
          if (kept === 'full' && why.status === 200) return answers.problem(exchange, name, 'quarantine_full')
          return answers.quarantined(exchange, name, why)
        }
      }
    } catch (cause) {
      answers.problem(exchange, name, problemOf(cause), { cause })
    }
  }

  /** At the level `debug` alone: a line for each webhook costs about as much as the webhook. */
  function tell({ event, secretId }: Extract<Judged, { kind: 'event' }>, id: string): void {
    if (!options.log.isLevelEnabled('debug')) return
    const { source, order_id, event: what, version } = event
    const line = { source, order_id, event: what, version, secret_id: secretId, request_id: id }
    options.log.debug(line, 'webhook accepted')
  }

  return (exchange: Exchange): void => {
    handle(exchange).catch((cause: unknown) => {
      if (exchange.response.headersSent) exchange.response.destroy()
      else answers.problem(exchange, name, 'internal', { cause })
    })
  }
}
