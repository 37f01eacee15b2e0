import { setTimeout as delay } from 'node:timers/promises'
import { kindsOf } from './error-facts.ts'

const LIMIT_MS = 30_000
const AGAIN_AFTER_MS = 50

/** What a broker says while it has not yet heard of a change, or has not yet taken up a new duty. */
const NOT_YET = [
  'UNKNOWN_TOPIC_OR_PARTITION',
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_FOR_PARTITION',
  'GROUP_LOAD_IN_PROGRESS',
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR_FOR_GROUP',
]

/** Asks again while the answer is `undefined` or `not yet`. Rejects after 30 s, naming `what`, with the last error as cause. */
export async function askUntil<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + LIMIT_MS
  let cause: unknown
  while (performance.now() < deadline) {
    try {
      const answer = await ask()
      if (answer !== undefined) return answer
    } catch (error) {
      const kinds = kindsOf(error)
      if (!NOT_YET.some(kind => kinds.has(kind))) throw error
      cause = error
    }
    await delay(AGAIN_AFTER_MS)
  }
  throw new Error(`${what} did not come about within ${LIMIT_MS / 1_000} s`, { cause })
}
