import { STATUS_CODES } from 'node:http'
import type { Outcome } from './ingress-metrics.ts'
import {
  MAX_HEADER_BYTES,
  OVERLOADED_RETRY_S,
  QUARANTINE_FULL_RETRY_S,
  REQUEST_TIMEOUT_MS,
  ROTATING_RETRY_S,
  UNAVAILABLE_RETRY_S,
} from './limits.ts'

export interface Problem {
  readonly statusCode: number
  readonly message: string
  readonly outcome: Outcome
  /** Further header fields of the answer, names in lower case. */
  readonly headers?: Readonly<Record<string, string>>
}

/**
 * What the ingress answers for other reasons than the body. The codes are stable: senders' support and our own alerts
 * read them. A fault of ours is always 503 with `Retry-After`, because a sender gives up on 4xx.
 */
export const PROBLEMS = {
  not_found: {
    statusCode: 404,
    message: 'There is nothing here. Check the URL of the webhook, also for a slash at its end.',
    outcome: 'wrong_path',
  },
  method_not_allowed: {
    statusCode: 405,
    message: 'This path does not take that method. Send webhooks with POST.',
    outcome: 'wrong_method',
    headers: { allow: 'POST' },
  },
  unsupported_media_type: {
    statusCode: 415,
    message: 'The content type or the content encoding is not taken. Send application/json in UTF-8, not compressed.',
    outcome: 'wrong_media_type',
    headers: { accept: 'application/json' },
  },
  body_too_large: {
    statusCode: 413,
    message: 'The body is larger than this path takes. Send a smaller one.',
    outcome: 'too_large',
  },
  headers_too_large: {
    statusCode: 431,
    message: `The header fields are larger than ${MAX_HEADER_BYTES / 1_024} KiB together. Send fewer or shorter ones.`,
    outcome: 'too_large',
  },
  request_timeout: {
    statusCode: 408,
    message: `The request took longer than ${REQUEST_TIMEOUT_MS / 1_000} s to arrive. Send it again.`,
    outcome: 'too_slow',
  },
  malformed_request: {
    statusCode: 400,
    message: 'This is not a well-formed HTTP/1.1 request. Check Host, Content-Length and Transfer-Encoding.',
    outcome: 'malformed',
  },
  client_gone: {
    statusCode: 400,
    message: 'The request ended before its body did. Send it again.',
    outcome: 'client_gone',
  },
  unauthenticated: {
    statusCode: 401,
    message:
      'The secret or signature is missing or not valid. Check that both sides have the same secret, and the URL.',
    outcome: 'unauthenticated',
  },
  rotating: {
    statusCode: 503,
    message: 'The secret is being changed, and this one is not known yet. Send it again after Retry-After.',
    outcome: 'rotating',
    headers: { 'retry-after': `${ROTATING_RETRY_S}` },
  },
  unavailable: {
    statusCode: 503,
    message: 'The webhook cannot be stored at the moment. Send it again after Retry-After.',
    outcome: 'unavailable',
    headers: { 'retry-after': `${UNAVAILABLE_RETRY_S}` },
  },
  overloaded: {
    statusCode: 503,
    message: 'There are too many webhooks at a time. Send it again after Retry-After.',
    outcome: 'overloaded',
    headers: { 'retry-after': `${OVERLOADED_RETRY_S}` },
  },
  quarantine_full: {
    statusCode: 503,
    message: 'The webhook names no order, and there is no room for more of these. Send it again after Retry-After.',
    outcome: 'unavailable',
    headers: { 'retry-after': `${QUARANTINE_FULL_RETRY_S}` },
  },
  internal: {
    statusCode: 503,
    message: 'The webhook could not be handled, by a fault of ours. Send it again after Retry-After.',
    outcome: 'internal',
    headers: { 'retry-after': `${UNAVAILABLE_RETRY_S}` },
  },
} as const satisfies Record<string, Problem>

export type ProblemCode = keyof typeof PROBLEMS

/** The body of every answer that is not 2xx: Fastify's error shape. */
export function problemBody(problem: { statusCode: number; code: string; message: string }): string {
  const { statusCode, code, message } = problem
  return JSON.stringify({ statusCode, code, error: STATUS_CODES[statusCode], message })
}
