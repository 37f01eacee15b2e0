import { backwards, lost, sharedKeys } from '../../checks/judge.ts'
import type { OrderEvent, SuiteOrder } from '../../events/order.ts'
import { order, type Suite } from '../../suite.ts'
import { cyclesWith, type Scenario } from '../scenario.ts'

/** Newer before older: all at once, and the older only when the newer is done. */
export function outOfOrder(suite: Suite): readonly Scenario[] {
  const cycles = cyclesWith(suite, one => overtakenIn(suite, one).length > 0, 3)
  if (cycles.length === 0) {
    suite.findings.notApplicable('order', 'no `latest` effect asks for two events of one order')
  }
  return cycles.flatMap(cycle => {
    const judged = (one: SuiteOrder, first: readonly OrderEvent[]): Scenario => {
      const dues = suite.reference.dues(one).filter(({ declared }) => declared?.policy !== 'every')
      return {
        check: 'order',
        order: one,
        first,
        later: one.events.filter(event => !first.includes(event)).toReversed(),
        judge: requests => [...backwards(requests), ...lost(one, dues, requests), ...sharedKeys(requests)],
      }
    }
    const atOnce = order(suite, cycle)
    const later = order(suite, cycle)
    const newest = later.events.filter(({ n }) => n >= Math.min(...overtakenIn(suite, later)))
    return [judged(atOnce, creatingFirst(atOnce.events.toReversed())), judged(later, withCreating(later, newest))]
  })
}

/** Events that are the newest of a floor and ask for something, where an older one of the floor does so too: by place. */
function overtakenIn(suite: Suite, one: SuiteOrder): readonly number[] {
  const floors = Map.groupBy(suite.reference.dues(one), ({ declared }) => declared?.floor)
  return [...floors].flatMap(([floor, dues]) =>
    floor !== undefined && dues.length > 1 ? [dues.at(-1)?.event.n ?? 0] : [],
  )
}

/** What makes an order known stays in front: that others wait for it is another check. */
function creatingFirst(events: readonly OrderEvent[]): readonly OrderEvent[] {
  return [...events.filter(({ creating }) => creating), ...events.filter(({ creating }) => !creating)]
}

export function withCreating({ events }: SuiteOrder, chosen: readonly OrderEvent[]): readonly OrderEvent[] {
  return creatingFirst(events.filter(event => event.creating || chosen.includes(event)))
}
