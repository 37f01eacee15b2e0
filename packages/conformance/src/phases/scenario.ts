import type { CheckName } from '../checks/check-names.ts'
import { isComplete } from '../checks/judge.ts'
import type { OrderEvent, SuiteOrder } from '../events/order.ts'
import { requestsOf, type Suite } from '../suite.ts'
import type { SeenRequest } from '../targets/request.ts'

/** What one order is put through. */
export interface Scenario {
  readonly check: CheckName
  readonly order: SuiteOrder
  /** Published together, in this order. */
  readonly first: readonly OrderEvent[]
  /** Published once nothing happens any more. */
  readonly later?: readonly OrderEvent[]
  /** What is wrong, in words; asked when all is quiet. */
  readonly judge: (requests: readonly SeenRequest[]) => readonly string[]
  /** Whether nothing has to come any more; where absent, once everything that is needed was asked for. */
  readonly isComplete?: (requests: readonly SeenRequest[]) => boolean
}

export function isScenarioComplete(suite: Suite, { order, isComplete: own }: Scenario): boolean {
  const requests = requestsOf(suite, order)
  return own ? own(requests) : isComplete(order, suite.reference.dues(order), requests)
}

/** Writes down what is wrong at these orders. */
export function judgeAll(suite: Suite, scenarios: readonly Scenario[]): void {
  for (const { check, order, judge } of scenarios) {
    const found = judge(requestsOf(suite, order))
    for (const what of found) suite.findings.failed(check, { order: `${order.source} ${order.id}`, what })
  }
}

/** The life cycles that ask for something, by numbers, and at least one of each source among the first. */
export function cyclesWith(suite: Suite, fits: (order: SuiteOrder) => boolean, atMost: number): readonly number[] {
  const fitting = suite.references.filter(fits)
  const firsts = ['points', 'hc'].flatMap(source => fitting.find(one => one.source === source) ?? [])
  return [...new Set([...firsts, ...fitting])].slice(0, atMost).map(({ cycle }) => cycle)
}
