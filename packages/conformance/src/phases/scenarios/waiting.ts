import { creatingEvent } from '@hookline/consumer/loop'
import { backwards, lost, told } from '../../checks/judge.ts'
import { order, requestsOf, type Suite } from '../../suite.ts'
import type { SeenRequest } from '../../targets/request.ts'
import { cyclesWith, type Scenario } from '../scenario.ts'

/** All but what makes the order known, the newest first; and that only when nothing happens any more. */
export function waiting(suite: Suite): readonly Scenario[] {
  const cycles = cyclesWith(suite, ({ events }) => events.some(({ creating }) => creating) && events.length > 1, 3)
  if (cycles.length === 0) {
    const sources = ['points', 'hc'].filter(source => creatingEvent(suite.declared.consumer, source) !== null)
    const why =
      sources.length === 0
        ? 'no source of it has such an event'
        : `it handles nothing of ${sources.join(', ')} that waits`
    suite.findings.notApplicable('waiting', why)
  }
  return cycles.map(cycle => {
    const one = order(suite, cycle)
    const creating = one.events.filter(event => event.creating)
    const dues = suite.reference.dues(one)
    const early = (request: SeenRequest) => {
      const [event] = creating
      const knownMs = event && suite.publishedMs.get(event)
      return knownMs === undefined || request.begunMs < knownMs
    }
    return {
      check: 'waiting',
      order: one,
      first: one.events.filter(event => !event.creating).toReversed(),
      later: creating,
      judge: requests => [
        ...requests.filter(early).map(request => `${told(request)} was asked for before its order was known`),
        ...backwards(requests),
        ...lost(one, dues, requestsOf(suite, one)),
      ],
    }
  })
}
