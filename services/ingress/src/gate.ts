import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Admission } from './admission.ts'
import type { Answers } from './answers.ts'
import { HEALTH_METHODS, HEALTH_PATH } from './routes/health.ts'
import type { Source } from './sources/source.ts'

export interface GateOptions {
  readonly sources: readonly Source[]
  readonly answers: Answers
  readonly admission: Admission
}

/** What is decided before a byte of the body is read: path, method, size, media type, load. */
export function gate({ sources, answers, admission }: GateOptions) {
  const byPath = new Map(sources.map(source => [source.path, source]))

  return (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    const path = pathOf(request.raw.url ?? '')
    if (path === HEALTH_PATH) {
      if (!request.is404) return done()
      answers.problem(reply.header('allow', HEALTH_METHODS), 'none', 'method_not_allowed')
      return
    }
    const found = byPath.get(path)
    const source = found?.catalogue.source ?? 'none'
    if (found === undefined || request.is404) {
      answers.problem(reply, source, source === 'none' ? 'not_found' : 'method_not_allowed')
      return
    }
    // Node's own check would answer without a body
    if (request.headers.host === undefined && request.raw.httpVersion === '1.1') {
      answers.problem(reply, source, 'malformed_request')
      return
    }
    const { 'content-length': length, 'content-type': type, 'content-encoding': encoding } = request.headers
    const { maxBodyBytes } = found.limits
    // of a body in chunks nothing is known yet
    const bytes = Number(length ?? 0)
    if (bytes > maxBodyBytes) {
      answers.problem(reply, source, 'body_too_large')
      return
    }
    if (!isJson(type) || !isIdentity(encoding)) {
      answers.problem(reply, source, 'unsupported_media_type')
      return
    }
    if (admission.full(bytes)) {
      answers.problem(reply, source, 'overloaded')
      return
    }
    done()
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
