/** What of an error may be written down. */
export interface SafeError {
  readonly type: string
  readonly message: string
  readonly code?: string | number
  /** The frames only: a stack's first line repeats the message. */
  readonly stack?: string
  readonly cause?: SafeError
}

const LONGEST_MESSAGE = 500
const DEEPEST_CAUSE = 3

/**
 * Type, message, code, frames and the chain of causes; no other property. Drivers hang whole documents, requests and
 * records on their errors, and the message of a `SyntaxError` from `JSON.parse` quotes the text that it read.
 */
export function safeError(error: unknown): SafeError {
  return safe(error, 0)
}

function safe(error: unknown, depth: number): SafeError {
  if (!(error instanceof Error)) return { type: typeof error, message: 'a value that is no Error was thrown' }
  const code = 'code' in error ? error.code : undefined
  const stack = depth === 0 ? framesOf(error) : ''
  return {
    type: error.name,
    message: error instanceof SyntaxError ? 'withheld' : error.message.slice(0, LONGEST_MESSAGE),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(stack === '' ? {} : { stack }),
    ...(error.cause === undefined || depth >= DEEPEST_CAUSE ? {} : { cause: safe(error.cause, depth + 1) }),
  }
}

function framesOf(error: Error): string {
  // an array where a test or a tool replaced Error.prepareStackTrace
  if (typeof error.stack !== 'string') return ''
  return error.stack
    .split('\n')
    .filter(line => /^\s+at /.test(line))
    .join('\n')
}
