import type { PublishError } from './publish-errors.ts'
import type { Outgoing, Stored } from './sender.ts'

/** A record whose caller waits for its result. */
export interface Waiting {
  readonly record: Outgoing
  readonly bytes: number
  /** As in `performance.now()`. */
  readonly deadline: number
  /** Handed to a connection at least once: it may be stored, whatever we hear. */
  sent: boolean
  /** The caller has its result. */
  settled: boolean
  /** The first result counts, later ones are ignored. */
  resolve(stored: Stored): void
  reject(error: PublishError): void
}
