import type { ConsumerName } from '../../src/demo/judged.ts'
import type { Armed } from '../fixtures/armed.ts'
import type { Counts } from './counts.ts'
import type { CrashPoint } from './crash-points.ts'
import { repeats } from './outcome.ts'
import type { LedgerEntry, Ledgers, Target } from './targets.ts'

/** One process that was killed, or stopped and let go on, at just this point. Times: milliseconds since 1970. */
export interface Blow {
  readonly service: ConsumerName
  readonly point: CrashPoint
  readonly signal: Armed['signal']
  readonly fromMs: number
  /** When another process was there in its place, or it was back: its last request may arrive a little after the blow. */
  readonly toMs: number
  /** What the service's processes counted from this blow to the next. */
  readonly counts: Counts
}

const SERVICE_OF: Readonly<Record<Target, ConsumerName>> = { erp: 'erp-sync', mail: 'email', wms: 'wms' }

/**
 * Requests that were made more often than faults explain: each repetition must come after a refusal, or after a blow
 * against the service between the first of them and the last; one for each blow.
 */
export function unexplainedRepeats(target: Target, ledgers: Ledgers, blows: readonly Blow[]): string[] {
  const ofService = blows.filter(({ service }) => service === SERVICE_OF[target])
  return repeats(ledgers[target]).flatMap(requests => {
    const taken = requests.filter(({ status }) => status >= 200 && status < 300)
    const between = ofService.filter(blow => isBetween(taken, blow))
    const [first] = taken
    if (first === undefined || taken.length - 1 <= between.length) return []
    const { effect, event, order_id } = first
    return [`${target}: ${effect} of ${event} of ${order_id} ${taken.length} times, ${between.length} blows between`]
  })
}

/** The mails that came again have the Message-ID of the first. */
export function mailsWithSeveralIds({ mail }: Ledgers): string[] {
  const mails = Map.groupBy(mail, ({ order_id, effect, version }) => `${order_id} ${effect} ${version}`)
  return [...mails].filter(([, same]) => new Set(same.map(({ key }) => key)).size > 1).map(([name]) => name)
}

/**
 * What was done, each once: without the refused and, for mails, without the copies that `unexplainedRepeats` looks at, so
 * that the late request of a process that was stopped counts as little as it does at the target.
 */
export function effective({ erp, wms, mail }: Ledgers): Ledgers {
  const executed = (entries: readonly LedgerEntry[]) => entries.filter(entry => entry.executed)
  const mails = Map.groupBy(executed(mail), ({ key }) => key)
  return { erp: executed(erp), wms: executed(wms), mail: [...mails.values()].flatMap(([first]) => first ?? []) }
}

function isBetween(requests: readonly LedgerEntry[], { fromMs, toMs }: Blow): boolean {
  const times = requests.map(({ arrived_at }) => Date.parse(arrived_at))
  return Math.min(...times) <= toMs && fromMs <= Math.max(...times)
}
