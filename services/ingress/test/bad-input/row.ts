/** A request that must not pass, and what it is answered. */
export interface BadInput {
  readonly name: string
  /** Whose route it is sent to, or was meant for. */
  readonly source: string
  readonly bytes: string | Buffer
  readonly statusCode: number
  readonly code: string
}

/** What the rows of one table are answered, as a function of what is sent. */
export function answered(statusCode: number, code: string, source = 'points') {
  return (name: string, bytes: string | Buffer): BadInput => ({ name, source, bytes, statusCode, code })
}
