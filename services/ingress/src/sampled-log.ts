import { sampler } from '@hookline/service'
import type { Log } from '@hookline/service'

const ONE_LINE_EACH_MS = 1_000

/** Why a request was not accepted; `code` is one of a fixed set. */
interface NotAccepted {
  readonly source: string
  readonly code: string
  readonly statusCode: number
  /** The answer has it too, as `x-request-id`. */
  readonly request_id: string
  readonly err?: unknown
}

export type SampledLog = (line: NotAccepted) => void

/** At most one line a second for each source and code, with how many were left out before it. */
export function sampledLog(log: Log, now: () => number): SampledLog {
  const sample = sampler({ everyMs: ONE_LINE_EACH_MS, now })
  return line => {
    const suppressed = sample(`${line.source} ${line.code}`)
    if (suppressed !== undefined) log.warn({ ...line, suppressed }, 'webhook not accepted')
  }
}
