import { Outage, Permanent, Retryable, Unknown } from '@hookline/consumer'
import type { Answered, Exchange } from './http-exchange.ts'
import { readableAnswer, retryAfterMs } from './target-answer.ts'
import type { TargetFailure, TargetResult } from './target-breaker.ts'
import { isTlsFailure } from './target-tls.ts'

/** What an exchange says of the effect: done (no error), surely not done, perhaps done, or never with these settings. */
export function httpOutcome(name: string, exchange: Exchange): TargetResult<Answered> {
  return exchange.kind === 'answered' ? answered(name, exchange) : failed(name, exchange)
}

function answered(name: string, exchange: Answered): TargetResult<Answered> {
  const { status, retryAfter, body } = exchange
  if (status >= 200 && status < 300) return { value: exchange, down: false }
  const message = `${name} answered ${status}`
  const afterMs = retryAfterMs(retryAfter, Date.now())
  const answer = readableAnswer(body)
  const options = { ...(afterMs !== undefined && { retryAfterMs: afterMs }), ...(answer && { answer }) }

  switch (status) {
    // The address, the credentials or the method are wrong for every request alike.
    case 401:
    case 403:
    case 404:
    case 405:
    case 407:
    case 501:
      return { error: new Outage(message, options), down: true }
    // Refused before any work.
    case 408:
    case 425:
    case 429:
      return { error: new Retryable(message, options), down: false }
    // An earlier request with this key is under way and may still do it.
    case 409:
      return { error: new Unknown(message, options), down: false }
    // A server that names a time refused on purpose; a proxy also says 503 of a connection that broke half-way.
    case 503:
      return {
        error: afterMs === undefined ? new Unknown(message, options) : new Retryable(message, options),
        down: true,
      }
    default:
      if (status < 400) return { error: new Outage(`${message}, redirects are not followed`, options), down: true }
      if (status < 500) return { error: new Permanent(message, options), down: false }
      return { error: new Unknown(message, options), down: true }
  }
}

function failed(name: string, { sent, why, error }: Extract<Exchange, { kind: 'failed' }>): TargetFailure {
  const code = codeOf(error)
  const message = [name, why === 'connection' ? 'connection failed' : why, code && `(${code})`]
    .filter(Boolean)
    .join(' ')
  if (code === 'UND_ERR_INVALID_ARG')
    return { error: new Permanent(`${message}: the request cannot be sent`), down: false }
  if (isTlsFailure(code)) return { error: new Outage(message), down: true }
  return { error: sent ? new Unknown(message) : new Retryable(message), down: why !== 'aborted' }
}

function codeOf(error: Error | undefined): string {
  return error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}
