import { pino } from 'pino'
import type { DestinationStream, Logger } from 'pino'
import { withhold } from './withhold.ts'

export type Log = Logger

export interface LogOptions {
  readonly service: string
  readonly level: string
  /** Standard output where absent. */
  readonly destination?: DestinationStream
}

/**
 * JSON lines with `service`. Withholding is the second net: what must not be seen is not to be handed to a logger in
 * the first place, and the fields of a child logger are written as they are.
 */
export function createLog({ service, level, destination }: LogOptions): Log {
  const options = {
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }), log: withhold },
    // `withhold` writes errors; pino's own serializer would look for more in them
    serializers: { err: (error: unknown) => error },
  }
  // pino's own default writes later: what was logged before a kill would be missing, and lines could change places
  return pino(options, destination ?? pino.destination({ dest: 1, sync: true }))
}
