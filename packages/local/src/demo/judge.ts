import { checkDeliveries } from './check-deliveries.ts'
import { checkKnown } from './check-known.ts'
import { checkFacts, checkThread } from './check-order.ts'
import { checkRequests, type Kill } from './check-requests.ts'
import { checkStates } from './check-states.ts'
import { gatherEvidence } from './evidence.ts'
import { type Figures, figuresOf } from './figures.ts'
import type { Finding } from './findings.ts'
import type { Ledgers, TargetOrders } from './ledgers.ts'
import type { Plan } from './plan.ts'
import type { SentRequest } from './sender.ts'
import { threadsOf } from './threads.ts'

/** What was meant, what was done about it, and what the targets saw of it. */
export interface Observed {
  readonly plan: Plan
  readonly sent: readonly SentRequest[]
  readonly ledgers: Ledgers
  readonly orders: TargetOrders
  readonly kills: readonly Kill[]
}

export interface Judgement {
  /** Empty: all is as it must be. */
  readonly findings: readonly Finding[]
  readonly figures: Figures
}

/**
 * Compares what the sender meant to happen with what the targets saw. It asks neither the services nor their code: the
 * plan, the requests, the ledgers and a table of its own are all it knows.
 */
export function judge({ plan, sent, ledgers, orders, kills }: Observed): Judgement {
  const evidence = gatherEvidence(plan, sent, ledgers)
  const threads = threadsOf(evidence.cases)
  const findings = [
    ...checkDeliveries(evidence),
    ...threads.flatMap(checkThread),
    ...checkFacts(evidence.cases),
    ...checkRequests(evidence.cases, kills),
    ...checkKnown(evidence),
    ...checkStates(threads, orders),
  ]
  return { findings, figures: figuresOf({ plan, sent, evidence, threads, findings }) }
}

/** Whether all that was acked has had its effect by now; what else may be wrong is not looked at. */
export function isComplete(observed: Pick<Observed, 'plan' | 'sent' | 'ledgers'>): boolean {
  const { cases } = gatherEvidence(observed.plan, observed.sent, observed.ledgers)
  return threadsOf(cases).flatMap(checkThread).every(isNotLost) && checkFacts(cases).every(isNotLost)
}

function isNotLost({ kind }: Finding): boolean {
  return kind !== 'lost'
}
