import type { LocalEnvironment } from './environment.ts'
import type { Reaper } from './reaper.ts'

/** One run of the local stack: what every step of it is given. */
export interface Session {
  readonly environment: LocalEnvironment
  /** Ends our processes when we can no longer do it ourselves. */
  readonly reaper: Reaper
  /** Aborted when the person has had enough: what is starting stops. */
  readonly signal: AbortSignal
  /** One line for the person who waits. */
  readonly progress: (line: string) => void
}
