import { told } from '../checks/judge.ts'
import { order, publish, requestsOf, type Suite } from '../suite.ts'
import { quiet } from './quiet.ts'

/** Puts one order of each life cycle through in order, with nothing going wrong, and notes what the service asks for. */
export async function learn(suite: Suite): Promise<void> {
  suite.progress('one order of each life cycle, in order, with nothing going wrong')
  const orders = suite.cycles.map((_, cycle) => order(suite, cycle))
  for (const one of orders) await publish(suite, one.source, one.events)
  await quiet(suite)
  for (const one of orders) suite.reference.learn(one, requestsOf(suite, one))
  suite.references = orders.filter(one => requestsOf(suite, one).length > 0)
  if (suite.isAsked('every-fact')) {
    for (const one of orders) {
      for (const due of suite.reference.missingFacts(one)) {
        const what = `${told(due)} was never asked for, though nothing went wrong`
        suite.findings.failed('every-fact', { order: `${one.source} ${one.id}`, what })
      }
    }
  }
  const unknown = suite.stage.targets.recorder.unknown()
  if (unknown.length > 0) {
    throw new Error(
      `Requests do not say which order and event they are for (${unknown.join(', ')}): send X-Hookline-Event, or name the order's id and the event's version or time`,
    )
  }
  if (suite.reference.isEmpty()) {
    throw new Error(`${suite.declared.name} asked its targets for nothing: its logs, by --verbose, may tell why`)
  }
}
