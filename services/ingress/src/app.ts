import { randomUUID } from 'node:crypto'
import type { BlockList } from 'node:net'
import type { Log } from '@hookline/service'
import { fastify } from 'fastify'
import type { FastifyInstance } from 'fastify'
import { admission } from './admission.ts'
import type { AdmissionLimits } from './admission.ts'
import { createAnswers, takenFrom } from './answers.ts'
import { connections } from './connections.ts'
import { endConnectionsOnClose } from './end-connections.ts'
import { expectations } from './expectations.ts'
import { gate } from './gate.ts'
import { createHttpServer } from './http-server.ts'
import { endIdleConnections } from './idle-connections.ts'
import type { IngressMetrics } from './ingress-metrics.ts'
import { openConnections } from './open-connections.ts'
import type { Publish } from './publish.ts'
import type { QuarantineLimits } from './quarantine/bounds.ts'
import { quarantine } from './quarantine/quarantine.ts'
import { declareRoutes } from './routes/routes.ts'
import { sampledLog } from './sampled-log.ts'
import type { SecretsBySource } from './secrets/secret.ts'
import type { Source } from './sources/source.ts'
import type { Certificate } from './tls/certificate.ts'
import { clientAddress } from './trusted-proxies.ts'
import { turns } from './turns.ts'
import { webhook } from './webhook.ts'
import type { Waves } from './waves/watch.ts'

export interface AppOptions {
  readonly sources: readonly Source[]
  readonly publish: Publish
  readonly limits: AdmissionLimits
  readonly quarantineLimits: QuarantineLimits
  readonly maxConnections: number
  /** Undefined: plain HTTP. */
  readonly certificate?: Certificate
  /** Only these are believed when they say whose request it is. */
  readonly proxies: BlockList
  readonly log: Log
  readonly metrics: IngressMetrics
  /** From a request's first byte to its last. */
  readonly requestTimeoutMs: number
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** What is in force, of the sources that have a secret. */
  readonly secrets: () => SecretsBySource
  readonly waves: Pick<Waves, 'seen'>
  /** How long the app still takes connections while it closes and `/health` says so; not at all where it is absent. */
  readonly drained?: () => Promise<unknown>
}

/** The ingress without a port: listening, signals and Kafka are its caller's. */
export function createApp(options: AppOptions): FastifyInstance {
  const {
    sources,
    publish,
    limits,
    requestTimeoutMs,
    log,
    metrics,
    now,
    secrets,
    waves,
    drained = async () => {},
  } = options
  const { maxConnections, certificate } = options
  const sampled = sampledLog(log, now)
  const tracked = connections({ metrics, sampled })
  const admitted = admission(limits)
  const answers = createAnswers({ metrics, sampled })
  const addressOf = clientAddress(options.proxies)
  const kept = quarantine({
    sources: sources.map(({ catalogue }) => catalogue.source),
    limits: options.quarantineLimits,
    publish,
    log,
    metrics,
    now,
  })
  metrics.load(admitted.load)

  const app = fastify({
    // one line per request would cost about as much as the request; what is not accepted is logged, sampled
    logger: false,
    serverFactory: listener =>
      createHttpServer(tracked.bounded(listener), {
        requestTimeoutMs,
        certificate,
        handshakeFailed: metrics.handshakeFailed,
      }),
    // what comes on open connections while the server closes is still stored and answered
    return503OnClosing: false,
    requestIdHeader: false,
    genReqId: () => randomUUID(),
    clientErrorHandler: tracked.onClientError,
    frameworkErrors: (_error, request, reply) => answers.problem(takenFrom(request, reply), 'none', 'not_found'),
  })

  const { owesAnswer } = tracked
  const open = openConnections(app.server, { maxConnections, owesAnswer, displaced: metrics.displaced })
  metrics.connections(open.count)
  const handling = {
    answers,
    admission: admitted,
    publish,
    turns: turns(),
    quarantine: kept,
    addressOf,
    invite: expectations(app.server).invite,
    gaveUp: tracked.gaveUp,
    log,
    metrics,
    now,
    secrets,
    waves,
  }
  const decide = gate({ sources, answers, admission: admitted, webhook: source => webhook(source, handling) })
  app.addHook('onRequest', (request, reply, done) => {
    tracked.begin(request.raw, reply.raw)
    open.used(request.raw, reply.raw)
    decide(request, reply, done)
  })
  app.setErrorHandler((cause, request, reply) => {
    answers.problem(takenFrom(request, reply), 'none', 'internal', { cause })
  })
  declareRoutes(app, { sources, drained })
  app.server.on('connect', tracked.onConnectMethod)
  endIdleConnections(app.server)
  endConnectionsOnClose(app, { ...tracked, sockets: open.sockets, requestTimeoutMs })
  return app
}
