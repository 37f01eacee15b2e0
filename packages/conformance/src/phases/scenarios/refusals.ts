import { changed, lost, repeated, told } from '../../checks/judge.ts'
import type { OrderEvent } from '../../events/order.ts'
import { order, type Suite } from '../../suite.ts'
import { isDone, isSame, type Script, type SeenRequest } from '../../targets/request.ts'
import { cyclesWith, type Scenario } from '../scenario.ts'

/** What is refused for good may be asked for so often. */
const AT_MOST = 3

/** A target that refuses one order for good, and orders behind it in its partition. */
export function poison(suite: Suite): readonly Scenario[] {
  // in the end it gives in: who asks for ever is found out, and holds nobody up
  const refuses: Script = (_, earlier) => (earlier.length > AT_MOST ? { kind: 'ok' } : { kind: 'refuse', status: 422 })
  return cyclesWith(suite, () => true, 2).flatMap(cycle => {
    const one = order(suite, cycle, { script: refuses })
    const behind = [1, 2].map(() => order(suite, cycle, { partition: one.partition }))
    const poisoned: Scenario = {
      check: 'poison',
      order: one,
      first: one.events,
      judge: requests => (requests.length === 0 ? ['nothing was asked for'] : repeated(requests, () => AT_MOST)),
      isComplete: requests => requests.length > 0,
    }
    const others = behind.map((other): Scenario => {
      const dues = suite.reference.dues(other)
      return {
        check: 'poison',
        order: other,
        first: other.events,
        judge: requests => lost(other, dues, requests).map(what => `behind a refused order: ${what}`),
      }
    })
    return [poisoned, ...others]
  })
}

/** A target that is overloaded: 503 the first two times, for each effect of an order. */
export function overload(suite: Suite): readonly Scenario[] {
  const twice: Script = (_, earlier) => (earlier.length < 2 ? { kind: 'refuse', status: 503 } : { kind: 'ok' })
  return cyclesWith(suite, () => true, 1).map(cycle => {
    const one = order(suite, cycle, { script: twice })
    const dues = suite.reference.dues(one)
    return {
      check: 'outage',
      order: one,
      first: [],
      later: one.events,
      judge: requests => [...lost(one, dues, requests), ...changed(requests)],
    }
  })
}

/** The target did the work, and its answer was lost: the connection ended, or nobody answered in time. */
export function lostAnswer(suite: Suite): readonly Scenario[] {
  return cyclesWith(suite, () => true, 2).flatMap((cycle, n) =>
    // few enough that a circuit breaker does not open
    (n === 0 ? (['cut', 'never'] as const) : (['cut'] as const)).map((kind): Scenario => {
      let loses: SeenRequest | undefined
      const script: Script = (request, earlier) => {
        loses ??= request
        return earlier.length === 0 && isSame(request, loses) ? { kind } : { kind: 'ok' }
      }
      const one = order(suite, cycle, { script })
      const dues = suite.reference.dues(one)
      return {
        check: 'lost-answer',
        order: one,
        first: [],
        later: one.events,
        judge: requests => [
          ...(loses ? [...notMadeAgain(loses, requests), ...overtaking(loses, requests)] : ['nothing was asked for']),
          ...changed(requests),
          ...lost(one, dues, requests),
        ],
      }
    }),
  )
}

function notMadeAgain(lostOne: SeenRequest, requests: readonly SeenRequest[]): string[] {
  const made = requests.filter(request => isSame(request, lostOne))
  if (made.length === 1) return [`${told(lostOne)}, whose answer was lost, was not asked for again`]
  return made.length > AT_MOST ? [`${told(lostOne)} was asked for ${made.length} times`] : []
}

/** What is newer must not come before it is known whether the older one was done. */
function overtaking(lostOne: SeenRequest, requests: readonly SeenRequest[]): string[] {
  const madeAt = requests.findIndex(request => isSame(request, lostOne) && isDone(request))
  const before = madeAt === -1 ? requests : requests.slice(0, madeAt)
  return before
    .filter(({ event }) => isNewer(event, lostOne.event))
    .map(request => `${told(request)} was asked for before ${told(lostOne)}, whose answer was lost, was made again`)
}

function isNewer(a: OrderEvent, b: OrderEvent): boolean {
  return a.event.version > b.event.version
}
