import { setTimeout as delay } from 'node:timers/promises'
import { backwards, changed, executed, lost, repeated } from '../checks/judge.ts'
import type { SuiteOrder } from '../events/order.ts'
import type { Instance } from '../stage/instances.ts'
import { order, publish, requestsOf, type Suite } from '../suite.ts'
import type { Script, SeenRequest } from '../targets/request.ts'
import { counted } from './mixed.ts'
import { through } from './quiet.ts'
import { killAtSteps } from './steps.ts'

/** Shorter than elsewhere, as each kill is waited out, and above the 3 s at which clients commonly send heartbeats. */
export const CRASH_ENV = { KAFKA_SESSION_TIMEOUT_MS: '3500', REQUEST_TIMEOUT_MS: '5000' }

const ASKED_LIMIT_MS = 60_000

/** A kill, and when it was. */
export interface Kill {
  readonly at: string
  readonly atMs: number
}

/** Kills the service while a request is open, right after an answer, and at each step of the kit. */
export async function crash(suite: Suite, first: Instance): Promise<void> {
  const kills: Kill[] = []
  suite.progress('SIGKILL while a request is open, and right after an answer')
  const open = await killedBy(suite, first, kills, 'open request')
  const second = await suite.stage.instances.start({ env: CRASH_ENV, members: 1 })
  await through(suite, [open])
  const answered = await killedBy(suite, second, kills, 'answered request')
  const struck = suite.kit.present ? await killAtSteps(suite, kills) : []
  const last = await suite.stage.instances.start({ env: CRASH_ENV, members: 1 })
  const orders = [open, answered, ...struck]
  await through(suite, orders)
  for (const one of orders) judge(suite, one, kills)
  suite.findings.done('crash', `${counted(kills.length, 'kill')}, ${counted(orders.length, 'order')}`)
  await last.stop()
}

/** The target itself kills the process, so that nothing of it runs any more after that very moment. */
async function killedBy(suite: Suite, instance: Instance, kills: Kill[], at: Kill['at']): Promise<SuiteOrder> {
  const kill = () => {
    if (instance.kill('SIGKILL')) kills.push({ at, atMs: performance.now() })
  }
  let struck = false
  const script: Script = () => {
    if (struck) return { kind: 'ok' }
    struck = true
    if (at === 'answered request') return { kind: 'ok', afterwards: kill }
    kill()
    return { kind: 'never' }
  }
  const [reference] = suite.references
  const one = order(suite, reference?.cycle ?? 0, { script })
  await publish(suite, one.source, one.events)
  const limit = delay(ASKED_LIMIT_MS, 'limit', { ref: false, signal: suite.signal })
  if ((await Promise.race([instance.ended, limit])) === 'limit') throw new Error(`there was no ${at} to kill it at`)
  return one
}

function judge(suite: Suite, one: SuiteOrder, kills: readonly Kill[]): void {
  const requests = requestsOf(suite, one)
  const found = [
    ...lost(one, suite.reference.dues(one), requests),
    // a kill leaves all that its process had begun to be repeated, the oldest first
    ...backwards(executed(requests)),
    ...changed(requests),
    ...repeated(requests, request => allowed(request, requests, kills)),
  ]
  for (const what of found) suite.findings.failed('crash', { order: `${one.source} ${one.id}`, what })
}

/** One request, one more for each refusal, and one more for each kill between the first and the last of them. */
function allowed(request: SeenRequest, requests: readonly SeenRequest[], kills: readonly Kill[]): number {
  const same = requests.filter(other => other.event === request.event && other.effect === request.effect)
  const refused = same.filter(({ ended }) => ended?.kind === 'answered' && ended.status >= 300).length
  const fromMs = same[0]?.begunMs ?? 0
  const toMs = same.at(-1)?.begunMs ?? 0
  return 1 + refused + kills.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs).length
}
