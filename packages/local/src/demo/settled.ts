import { setTimeout as delay } from 'node:timers/promises'
import { CONSUMERS } from './judged.ts'
import { isComplete } from './judge.ts'
import type { Run } from './run.ts'

const ASK_EVERY_MS = 250
/** Complete, and nothing came for so long: a request too many would have come by now. */
const QUIET_MS = 2_000
/** Longer than a lease and the longest back-off together: what has not come by then does not come. */
const GIVE_UP_AFTER_MS = 17_000
/** After a kill the group waits for the session of the dead member as well. */
const GIVE_UP_AFTER_KILL_MS = 30_000
const LIMIT_MS = 300_000

/**
 * Resolves when the targets have seen all that they must and nothing more comes, or when nothing moves any more. It
 * asks the ledgers, and Kafka whether the groups have passed every record.
 */
export async function settled({ plan, sent, kills, ledger, gauges, signal }: Run): Promise<'complete' | 'stuck'> {
  const began = performance.now()
  const giveUpAfterMs = kills.length > 0 ? GIVE_UP_AFTER_KILL_MS : GIVE_UP_AFTER_MS
  for (;;) {
    await ledger.read()
    const now = performance.now()
    const quietMs = now - Math.max(ledger.changedAt, began)
    if (quietMs >= QUIET_MS && isComplete({ plan, sent, ledgers: ledger.ledgers })) {
      await gauges.read()
      if (CONSUMERS.every(service => gauges.of(service).lag === 0)) return 'complete'
    }
    if (quietMs >= giveUpAfterMs || now - began >= LIMIT_MS) return 'stuck'
    await delay(ASK_EVERY_MS, undefined, { signal })
  }
}
