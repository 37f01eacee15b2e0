import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Admission } from './admission.ts'
import { takenFrom } from './answers.ts'
import type { Answers, Exchange } from './answers.ts'
import { HEALTH_METHODS, HEALTH_PATH } from './routes/health.ts'
import type { Source } from './sources/source.ts'

export interface GateOptions {
  readonly sources: readonly Source[]
  readonly answers: Answers
  readonly admission: Admission
  /** Handles what may come in. */
  readonly webhook: (source: Source) => (exchange: Exchange) => unknown
}

/**
 * What is decided before a byte of the body is read: path, method, size, media type, load. All but `/health` leaves
 * Fastify here: what it does for a request from here on costs as much as all that we do for one.
 */
export function gate({ sources, answers, admission, webhook }: GateOptions) {
  const byPath = new Map(sources.map(source => [source.path, { source, handle: webhook(source) }]))

  return (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    const path = pathOf(request.raw.url ?? '')
    if (path === HEALTH_PATH && !request.is404) return done()
    const exchange = takenFrom(request, reply)
    const found = byPath.get(path)
    if (found === undefined || request.is404) {
      const isHealth = path === HEALTH_PATH
      const options = isHealth ? { headers: { allow: HEALTH_METHODS } } : {}
      const isKnown = isHealth || found !== undefined
      const name = found?.source.catalogue.source ?? 'none'
      answers.problem(exchange, name, isKnown ? 'method_not_allowed' : 'not_found', options)
      return
    }
    const problem = problemOf(exchange.request, found.source)
    if (problem === undefined) found.handle(exchange)
    else answers.problem(exchange, found.source.catalogue.source, problem)
  }

  function problemOf({ headers, httpVersion }: Exchange['request'], { limits }: Source) {
    // Node's own check would answer without a body
    if (headers.host === undefined && httpVersion === '1.1') return 'malformed_request'
    // of a body in chunks nothing is known yet
    const bytes = Number(headers['content-length'] ?? 0)
    if (bytes > limits.maxBodyBytes) return 'body_too_large'
    if (!isJson(headers['content-type']) || !isIdentity(headers['content-encoding'])) return 'unsupported_media_type'
    return admission.full(bytes) ? 'overloaded' : undefined
  }
}

function pathOf(url: string): string {
  const end = url.indexOf('?')
  return end === -1 ? url : url.slice(0, end)
}

const JSON_TYPE = /^application\/json[ \t]*(?:;[ \t]*charset[ \t]*=[ \t]*(?:utf-?8|"utf-?8")[ \t]*;?[ \t]*)?$/i

function isJson(contentType: string | undefined): boolean {
  return contentType === 'application/json' || (contentType !== undefined && JSON_TYPE.test(contentType))
}

function isIdentity(contentEncoding: string | undefined): boolean {
  return contentEncoding === undefined || contentEncoding.trim().toLowerCase() === 'identity'
}
