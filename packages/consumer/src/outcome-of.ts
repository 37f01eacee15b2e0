import type { Outcome } from '@hookline/delivery'
import { EffectError } from './errors.ts'

/** What a thrown value says of the effect. Anything that is no `EffectError` may have been thrown after the work was done. */
export function outcomeOf(error: unknown): Outcome {
  if (!(error instanceof EffectError)) return { kind: 'unknown', message: nameAndPlace(error) }
  const { message, code, retryAfterMs, answer } = error
  const later = { message, ...(retryAfterMs !== undefined && { retryAfterMs }) }
  switch (code) {
    case 'permanent':
      return { kind: 'permanent', reason: 'permanent', message, ...(answer !== undefined && { answer }) }
    case 'retryable':
      return { kind: 'retry', ...later }
    case 'outage':
      return { kind: 'outage', ...later }
    case 'unknown':
      return { kind: 'unknown', ...later }
  }
}

/** Not the message: a parser's or a driver's own words may carry what the customer sent. */
export function nameAndPlace(error: unknown): string {
  if (!(error instanceof Error)) return 'the handler threw something that is no Error'
  const stack: unknown = error.stack // no text where somebody replaced `Error.prepareStackTrace`
  const frame = typeof stack === 'string' ? stack.split('\n').find(line => line.trimStart().startsWith('at ')) : ''
  const place = frame?.match(/([^/\\(]+:\d+):\d+\)?$/)?.[1]
  return place === undefined ? error.name : `${error.name} at ${place}`
}
