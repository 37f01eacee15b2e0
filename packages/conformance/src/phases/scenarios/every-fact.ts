import { lost, repeated, sharedKeys } from '../../checks/judge.ts'
import type { OrderEvent, SuiteOrder } from '../../events/order.ts'
import { order, type Suite } from '../../suite.ts'
import { cyclesWith, type Scenario } from '../scenario.ts'
import { withCreating } from './out-of-order.ts'

/** Facts that come when everything else of their order is done, the newest first. */
export function everyFact(suite: Suite): readonly Scenario[] {
  const cycles = cyclesWith(suite, one => factsOf(suite, one).length > 0, 3)
  if (cycles.length === 0) suite.findings.notApplicable('every-fact', 'no effect of policy `every` asks for anything')
  return cycles.map(cycle => {
    const one = order(suite, cycle)
    const facts = factsOf(suite, one)
    const others = one.events.filter(event => !facts.includes(event))
    // the order's last event goes first, also where it is a fact itself
    const first = withCreating(one, [...others, ...one.events.slice(-1)])
    const dues = suite.reference.dues(one).filter(({ declared }) => declared?.policy === 'every')
    return {
      check: 'every-fact',
      order: one,
      first,
      later: one.events.filter(event => !first.includes(event)).toReversed(),
      judge: requests => {
        const ofFacts = requests.filter(({ declared }) => declared?.policy === 'every')
        return [...lost(one, dues, requests), ...repeated(ofFacts), ...sharedKeys(ofFacts)]
      },
    }
  })
}

function factsOf(suite: Suite, one: SuiteOrder): readonly OrderEvent[] {
  const dues = suite.reference.dues(one).filter(({ declared }) => declared?.policy === 'every')
  return [...new Set(dues.map(({ event }) => event))]
}
