import { lost } from '../checks/judge.ts'
import type { CheckName } from '../checks/check-names.ts'
import { order, publish, requestsOf, type Suite } from '../suite.ts'
import { waitFor } from '@hookline/local'
import { quiet, settled } from './quiet.ts'
import { cyclesWith, isScenarioComplete, judgeAll, type Scenario } from './scenario.ts'
import { duplicates } from './scenarios/duplicates.ts'
import { everyFact } from './scenarios/every-fact.ts'
import { outOfOrder } from './scenarios/out-of-order.ts'
import { lostAnswer, overload, poison } from './scenarios/refusals.ts'
import { behindUnreadable, publishUnreadable } from './scenarios/unreadable.ts'
import { waiting } from './scenarios/waiting.ts'

const NOTICED_LIMIT_MS = 20_000

const MAKERS: readonly (readonly [check: CheckName, make: (suite: Suite) => readonly Scenario[]])[] = [
  ['duplicates', duplicates],
  ['order', outOfOrder],
  ['every-fact', everyFact],
  ['poison', poison],
  ['outage', overload],
  ['lost-answer', lostAnswer],
  ['waiting', waiting],
]

/** What can be tried with one process. Returns its scenarios, for those that come again. */
export async function mixed(suite: Suite): Promise<readonly Scenario[]> {
  if (suite.isAsked('unreadable-record')) await unreadable(suite)
  const scenarios = MAKERS.filter(([check]) => suite.isAsked(check)).flatMap(([, make]) => make(suite))
  if (scenarios.length > 0) await together(suite, scenarios)
  if (suite.isAsked('outage')) await unreachable(suite)
  return scenarios
}

/** Different orders are put through different things at the same time. */
async function together(suite: Suite, scenarios: readonly Scenario[]): Promise<void> {
  const checks = Map.groupBy(scenarios, ({ check }) => check)
  suite.progress(`${scenarios.length} orders at once: ${[...checks.keys()].join(', ')}`)
  await Promise.all(scenarios.map(({ order: { source }, first }) => publish(suite, source, first)))
  await settled(suite, () => scenarios.every(one => one.later !== undefined || isScenarioComplete(suite, one)))
  await Promise.all(scenarios.map(({ order: { source }, later = [] }) => publish(suite, source, later)))
  await settled(suite, () => scenarios.every(one => isScenarioComplete(suite, one)))
  judgeAll(suite, scenarios)
  for (const [check, same] of checks) suite.findings.done(check, counted(same.length, 'order'))
}

/** By itself: a service that does not survive it shows by what. */
async function unreadable(suite: Suite): Promise<void> {
  suite.progress('records that nobody can read, and an order behind them in each partition')
  const behind = behindUnreadable(suite)
  await publishUnreadable(suite)
  await Promise.all(behind.map(({ order: { source }, first }) => publish(suite, source, first)))
  try {
    await settled(suite, () => behind.every(one => isScenarioComplete(suite, one)))
  } catch (error) {
    suite.signal.throwIfAborted()
    const what = error instanceof Error ? error.message : String(error)
    suite.findings.failed('unreadable-record', { what: what.split('\n', 1)[0] ?? '' })
    throw error
  }
  judgeAll(suite, behind)
  suite.findings.done('unreadable-record', counted(behind.length, 'order'))
}

/** No target takes a connection until one was tried. */
async function unreachable(suite: Suite): Promise<void> {
  const { recorder, goDown, comeBack } = suite.stage.targets
  suite.progress('the targets take no connection')
  const orders = cyclesWith(suite, () => true, 2).map(cycle => order(suite, cycle))
  goDown()
  try {
    for (const one of orders) await publish(suite, one.source, one.events)
    const tried = async () => (recorder.refused > 0 ? true : undefined)
    await waitFor('a try to reach a target that is away', tried, { limitMs: NOTICED_LIMIT_MS, signal: suite.signal })
  } finally {
    comeBack()
  }
  const complete = () => orders.every(one => lost(one, suite.reference.dues(one), requestsOf(suite, one)).length === 0)
  await settled(suite, complete)
  await quiet(suite)
  for (const one of orders) {
    for (const what of lost(one, suite.reference.dues(one), requestsOf(suite, one))) {
      suite.findings.failed('outage', { order: `${one.source} ${one.id}`, what: `nobody could connect: ${what}` })
    }
  }
  suite.findings.done('outage', `${counted(recorder.refused, 'connection')} refused`)
}

export function counted(n: number, noun: string): string {
  return `${n.toLocaleString('en-US')} ${noun}${n === 1 ? '' : 's'}`
}
