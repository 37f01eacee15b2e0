import { randomUUID } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { REQUEST_ID } from './answers.ts'
import type { IngressMetrics } from './ingress-metrics.ts'
import { MAX_SENT_AHEAD } from './limits.ts'
import { problemBody, PROBLEMS } from './problems.ts'
import type { Problem, ProblemCode } from './problems.ts'
import { SAFE_HEADERS } from './safe-headers.ts'
import type { SampledLog } from './sampled-log.ts'

/** How long a refused client may go on sending before it is cut off, so that it gets to read the answer. */
const LINGER_MS = 1_000

export interface Connections {
  /** Hands requests on, but none of a connection that sent too many ahead: it gets the answers before, and ends. */
  readonly bounded: (listener: RequestListener) => RequestListener
  /** To be called for every request, before anything else. */
  readonly begin: (request: IncomingMessage, response: ServerResponse) => void
  /** What is no HTTP, or too large or too slow to become a request. */
  readonly onClientError: (error: Error & { code?: string }, socket: Socket) => void
  /** `CONNECT`, which Node takes for no request: without an answer it would only cut the connection. */
  readonly onConnectMethod: (request: IncomingMessage, socket: Duplex) => void
  /** Whether a request that arrived whole on this connection waits for its answer. */
  readonly owesAnswer: (socket: Socket) => boolean
  /** What is not answered yet is the last answer on its connection, and says so. */
  readonly takeNoMore: () => void
  /** Whether the connection was given up: it takes no further answer. */
  readonly gaveUp: (socket: Socket) => boolean
}

export interface ConnectionsOptions {
  readonly metrics: IngressMetrics
  readonly sampled: SampledLog
}

/** Answers what never becomes a request in the same JSON as everything else, and never in place of another answer. */
export function connections({ metrics, sampled }: ConnectionsOptions): Connections {
  /** The requests of a connection that are not answered yet; several where a client pipelines. */
  const open = new Map<Socket, Map<IncomingMessage, ServerResponse>>()
  /** Answered before their body was read; what is left of it is thrown away. */
  const answeredEarly = new WeakSet<Socket>()
  const broken = new WeakSet<Socket>()

  function owesAnswer(socket: Socket): boolean {
    for (const request of open.get(socket)?.keys() ?? []) if (request.complete) return true
    return false
  }

  function refuse(socket: Duplex, code: ProblemCode): void {
    const { statusCode, outcome } = PROBLEMS[code]
    const requestId = randomUUID()
    metrics.answered({ source: 'none', outcome })
    sampled({ source: 'none', code, statusCode, request_id: requestId })
    socket.write(rawAnswer(code, requestId))
    endSoon(socket)
  }

  return {
    bounded: listener => (request, response) => {
      const { socket } = request
      if (broken.has(socket)) return
      if ((open.get(socket)?.size ?? 0) < MAX_SENT_AHEAD) return listener(request, response)
      broken.add(socket)
      socket.pause()
      metrics.answered({ source: 'none', outcome: 'malformed' })
    },
    begin(request, response) {
      const { socket } = request
      let requests = open.get(socket)
      if (requests === undefined) open.set(socket, (requests = new Map()))
      requests.set(request, response)
      answeredEarly.delete(socket)
      response.once('close', () => {
        requests.delete(request)
        if (requests.size === 0) open.delete(socket)
        if (!request.complete) answeredEarly.add(socket)
        if (broken.has(socket) && !owesAnswer(socket)) endSoon(socket)
      })
    },
    onClientError(error, socket) {
      if (socket.destroyed || broken.has(socket)) return
      broken.add(socket)
      if (error.code === 'ECONNRESET' || error.code === 'EPIPE' || !socket.writable || answeredEarly.has(socket)) {
        socket.destroy()
        return
      }
      // a refusal written now would be read as the answer to the whole request before the broken bytes
      if (owesAnswer(socket)) return
      refuse(socket, problemOf(error.code))
    },
    onConnectMethod: (_request, socket) => refuse(socket, 'method_not_allowed'),
    owesAnswer,
    takeNoMore() {
      for (const requests of open.values()) {
        const last = [...requests.values()].at(-1)
        if (last !== undefined) last.shouldKeepAlive = false
      }
    },
    gaveUp: socket => broken.has(socket),
  }
}

function problemOf(code: string | undefined): ProblemCode {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'request_timeout'
  return code === 'HPE_HEADER_OVERFLOW' ? 'headers_too_large' : 'malformed_request'
}

function rawAnswer(code: ProblemCode, requestId: string): string {
  const { statusCode, message, headers = {} }: Problem = PROBLEMS[code]
  const body = problemBody({ statusCode, code, message })
  const lines = [
    `HTTP/1.1 ${statusCode} ${STATUS_CODES[statusCode]}`,
    'connection: close',
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    `${REQUEST_ID}: ${requestId}`,
    ...Object.entries({ ...SAFE_HEADERS, ...headers }).map(([name, value]) => `${name}: ${value}`),
  ]
  return `${lines.join('\r\n')}\r\n\r\n${body}`
}

function endSoon(socket: Duplex): void {
  socket.end()
  // destroyed at once, what the client still sends would be met by a reset, and the answer lost with it
  const timer = setTimeout(() => socket.destroy(), LINGER_MS)
  socket.once('close', () => clearTimeout(timer))
}
