import { catalogues } from '@hookline/contracts'
import type { CheckName } from './checks/check-names.ts'
import type { Reference } from './checks/expected.ts'
import type { Findings } from './checks/verdict.ts'
import type { Declared } from './declared.ts'
import type { LifeCycle } from './events/life-cycles.ts'
import { newOrder, type OrderEvent, type SuiteOrder } from './events/order.ts'
import type { Stage } from './stage/stage.ts'
import type { Script, SeenRequest } from './targets/request.ts'

/** One run of the checks, as it goes on. */
export interface Suite {
  readonly declared: Declared
  readonly cycles: readonly LifeCycle[]
  readonly reference: Reference
  readonly stage: Stage
  readonly findings: Findings
  /** Whether it is built with the kit: known once it runs. */
  readonly kit: { present: boolean }
  readonly signal: AbortSignal
  /** One line for who waits. */
  readonly progress: (line: string) => void
  isAsked(...checks: readonly CheckName[]): boolean
  /** An order of each life cycle that asks for something, through which nothing went wrong. */
  references: readonly SuiteOrder[]
  /** Every order so far. */
  readonly orders: SuiteOrder[]
  /** When an event was published for the first time, monotonic milliseconds. */
  readonly publishedMs: Map<OrderEvent, number>
  /** How long nothing happens before the suite gives up on what is missing, milliseconds. */
  readonly patienceMs: number
  /** How long a slow target takes, milliseconds. */
  readonly slowMs: number
}

/** A new order of a life cycle, known to the targets. */
export function order(
  suite: Suite,
  cycle: number,
  { script, partition }: { script?: Script; partition?: number } = {},
): SuiteOrder {
  const life = suite.cycles[cycle]
  if (life === undefined) throw new Error(`there is no life cycle ${cycle}`)
  const made = newOrder(suite.declared.consumer, life, { cycle, ...(partition !== undefined && { partition }) })
  suite.orders.push(made)
  suite.stage.targets.recorder.expect(made, script)
  return made
}

/** Puts events into their topics, in this order, as the ingress does. */
export async function publish(
  suite: Suite,
  source: SuiteOrder['source'],
  events: readonly OrderEvent[],
): Promise<void> {
  const { kafka } = suite.stage
  const { topic } = catalogues[source]
  for (const event of events) {
    if (!suite.publishedMs.has(event)) suite.publishedMs.set(event, performance.now())
  }
  await Promise.all(events.map(({ record }) => kafka.publish(topic, record)))
}

export function requestsOf(suite: Suite, of?: SuiteOrder): readonly SeenRequest[] {
  return suite.stage.targets.recorder.requests(of)
}
