import { setTimeout as delay } from 'node:timers/promises'
import { lost, repeated } from '../checks/judge.ts'
import type { SuiteOrder } from '../events/order.ts'
import type { Instance } from '../stage/instances.ts'
import { rebalancesOf } from '../stage/kit.ts'
import { order, publish, requestsOf, type Suite } from '../suite.ts'
import { isDone, type Script, type SeenRequest } from '../targets/request.ts'
import { counted } from './mixed.ts'
import { through } from './quiet.ts'
import { cyclesWith } from './scenario.ts'

const LOOKS_EVERY_MS = 250

/** A request that takes longer than lease and session, while other orders of the same partitions go on. */
export async function slowHandler(suite: Suite, instance: Instance): Promise<void> {
  const { slowMs } = suite
  suite.progress(`the target takes ${slowMs / 1_000} s for one request`)
  const slow = cyclesWith(suite, () => true, 2).map(cycle => {
    let first: SeenRequest | undefined
    const script: Script = request => {
      first ??= request
      return request === first ? { kind: 'ok', afterMs: slowMs } : { kind: 'ok' }
    }
    return order(suite, cycle, { script })
  })
  const others = slow.map(({ cycle, partition }) => order(suite, cycle, { partition }))
  const over = new AbortController()
  const before = await rebalancesOf(instance)
  const watching = watchGroup(suite, over.signal)
  for (const one of [...slow, ...others]) await publish(suite, one.source, one.events)
  await through(suite, [...slow, ...others])
  over.abort()
  const changes = await watching
  const after = await rebalancesOf(instance)

  for (const what of changes) suite.findings.failed('slow-handler', { what })
  if (after !== before)
    suite.findings.failed('slow-handler', { what: `hookline_rebalances_total rose from ${before} to ${after}` })
  for (const one of [...slow, ...others]) {
    const requests = requestsOf(suite, one)
    for (const what of [...repeated(requests), ...lost(one, suite.reference.dues(one), requests)]) {
      suite.findings.failed('slow-handler', { order: `${one.source} ${one.id}`, what })
    }
  }
  for (const what of waited(suite, slow, others)) suite.findings.failed('slow-handler', { what })
  const took = slow.map(one => lengthMs(requestsOf(suite, one)[0]))
  const seen = before === undefined ? 'the group did not change' : `${before} joins before and after`
  suite.findings.done(
    'slow-handler',
    `${counted(slow.length, 'request')} of ${Math.round(Math.max(...took) / 1_000)} s, ${seen}`,
  )
}

/** Polls the group: Kafka gives a member that it threw out a new id, and says when the group is not at rest. */
async function watchGroup(suite: Suite, signal: AbortSignal): Promise<readonly string[]> {
  const first = await suite.stage.kafka.group()
  const changes = new Set<string>()
  while (!signal.aborted && !suite.signal.aborted) {
    const { state, members } = await suite.stage.kafka.group()
    if (state !== 'Stable') changes.add(`the group was ${state}: the process was taken for dead`)
    if (members.some(id => !first.members.includes(id))) changes.add('the process joined its group anew')
    await delay(LOOKS_EVERY_MS, undefined, { signal }).catch(() => {}) // over
  }
  return [...changes]
}

/** Orders that were not through when the slow request of another order ended. */
function waited(suite: Suite, slow: readonly SuiteOrder[], others: readonly SuiteOrder[]): string[] {
  const endMs = Math.min(...slow.map(one => requestsOf(suite, one)[0]?.ended?.atMs ?? Number.POSITIVE_INFINITY))
  const late = others.filter(
    one => !requestsOf(suite, one).some(request => isDone(request) && (request.ended?.atMs ?? 0) < endMs),
  )
  return late.length === 0 ? [] : [`${counted(late.length, 'other order')} waited for it`]
}

function lengthMs(request: SeenRequest | undefined): number {
  return request?.ended === undefined ? 0 : request.ended.atMs - request.begunMs
}
