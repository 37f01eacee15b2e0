import { MAKES_KNOWN } from './expectations.ts'
import type { EffectCase, Evidence } from './evidence.ts'
import { type Finding, nameOf } from './findings.ts'
import { isExecuted } from './threads.ts'

/** Nothing of an HC order happens before its `order.created` was sent, and in the ERP that event comes first. */
export function checkKnown(evidence: Evidence): Finding[] {
  const findings: Finding[] = []
  for (const [orderId, cases] of Map.groupBy(evidence.cases, ({ event }) => event.order.id)) {
    const creating = evidence.knownFrom.get(orderId)
    if (creating === undefined) continue
    const sentAt = evidence.delivered.get(creating)?.sentAt ?? Infinity
    for (const one of cases.filter(({ requests }) => requests.some(entry => Date.parse(entry.arrived_at) < sentAt))) {
      findings.push(tooEarly(one, 'before order.created was sent'))
    }
    const first = firstInErp(cases)
    if (first && first.event !== creating) findings.push(tooEarly(first, 'as the first of its order'))
  }
  return findings
}

function tooEarly({ event, expectation: { target, effect } }: EffectCase, when: string): Finding {
  const seen = `${effect}: ${nameOf(event)} was executed ${when}`
  return { kind: 'before order.created', order: event.order, target, seen }
}

function firstInErp(cases: readonly EffectCase[]): EffectCase | undefined {
  const executed = cases.filter(one => one.expectation.target === 'erp' && isExecuted(one))
  const at = ({ requests }: EffectCase) => requests.find(entry => entry.executed)?.n ?? Infinity
  return executed.toSorted((a, b) => at(a) - at(b))[0]
}

/** It was acked before the event that makes its order known was sent: the service had to keep it until then. */
export function isParked({ event, delivered }: EffectCase, { knownFrom, delivered: all }: Evidence): boolean {
  const creating = knownFrom.get(event.order.id)
  if (creating === undefined || event.step.event === MAKES_KNOWN) return false
  return delivered.ackedAt < (all.get(creating)?.sentAt ?? Infinity)
}
