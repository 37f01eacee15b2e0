import { publish, requestsOf, type Suite } from '../suite.ts'
import { quiet } from './quiet.ts'
import { judgeAll, type Scenario } from './scenario.ts'

/** The duplicates come once more, to a process that never saw them. */
export async function duplicatesAgain(suite: Suite, scenarios: readonly Scenario[]): Promise<void> {
  suite.progress('the same records once more, to a process that never saw them')
  const again = scenarios.filter(({ check }) => check === 'duplicates')
  for (const { order } of again) await publish(suite, order.source, order.events)
  await quiet(suite)
  judgeAll(suite, again)
  suite.findings.done('duplicates', 'and again after a restart')
}

/** Takes the group's offsets away while nobody runs: whoever starts now begins with the first record. */
export async function resetOffsets(suite: Suite): Promise<void> {
  suite.progress('the offsets are set back to the start')
  const { kafka } = suite.stage
  await kafka.backToStart()
  if ((await kafka.lag()) === 0) throw new Error('the offsets could not be set back')
}

/** What was asked for although nothing was new. `before`: how many requests there were. */
export async function judgeReset(suite: Suite, before: number): Promise<void> {
  await quiet(suite)
  const known = new Set(
    requestsOf(suite)
      .slice(0, before)
      .map(({ order }) => order),
  )
  const anew = requestsOf(suite)
    .slice(before)
    .filter(({ order }) => known.has(order))
  for (const { order, effect, event } of anew) {
    const what = `${effect} of ${event.event.event} was asked for again`
    suite.findings.failed('offset-reset', { order: `${order.source} ${order.id}`, what })
  }
  suite.findings.done('offset-reset', `${known.size} orders read again`)
}
