import { lost, repeated } from '../../checks/judge.ts'
import { order, type Suite } from '../../suite.ts'
import { cyclesWith, type Scenario } from '../scenario.ts'

/** Every record three times, next to each other and later on. They come again after a restart. */
export function duplicates(suite: Suite): readonly Scenario[] {
  return cyclesWith(suite, () => true, 4).map(cycle => {
    const one = order(suite, cycle)
    const dues = suite.reference.dues(one)
    return {
      check: 'duplicates',
      order: one,
      first: [...one.events.flatMap(event => [event, event]), ...one.events],
      judge: requests => [...lost(one, dues, requests), ...repeated(requests)],
    }
  })
}
