/** Options of every effect error. `message` and `answer` must be free of secrets and personal data: people read them. */
export interface EffectErrorOptions {
  cause?: unknown
  /** Not before this many milliseconds: the target's `Retry-After`. */
  retryAfterMs?: number
  /** The first kilobyte of the target's answer. */
  answer?: string
}

/**
 * What a handler throws to say what happened at the target. Anything else that is thrown counts as `Unknown`.
 * The `code` is stable and is what logs, metrics and the order record show.
 */
export abstract class EffectError extends Error {
  abstract readonly code: 'permanent' | 'retryable' | 'unknown' | 'outage'
  readonly retryAfterMs: number | undefined
  readonly answer: string | undefined

  constructor(message: string, options: EffectErrorOptions = {}) {
    super(message, { cause: options.cause })
    this.name = new.target.name
    this.retryAfterMs = options.retryAfterMs
    this.answer = options.answer
  }
}

/** The target refused for good and did nothing: the event is dead now. */
export class Permanent extends EffectError {
  readonly code = 'permanent'
}

/** The target surely did nothing, and may do it later: back-off, then a new attempt. */
export class Retryable extends EffectError {
  readonly code = 'retryable'
}

/** The target may have done it: back-off, then the same request under the same key, alone and before all others. */
export class Unknown extends EffectError {
  readonly code = 'unknown'
}

/** The target cannot be reached or is misconfigured (an open breaker, 401, 404): back-off that uses up no attempt. */
export class Outage extends EffectError {
  readonly code = 'outage'
}
