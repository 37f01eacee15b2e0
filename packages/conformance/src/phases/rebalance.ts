import { waitFor } from '@hookline/local'
import { backwards, lost, overlapping, repeated } from '../checks/judge.ts'
import type { SuiteOrder } from '../events/order.ts'
import type { Instance } from '../stage/instances.ts'
import { order, publish, requestsOf, type Suite } from '../suite.ts'
import { counted } from './mixed.ts'
import { through } from './quiet.ts'
import type { Script } from '../targets/request.ts'

/** Long enough that some requests are open at any time. */
const TAKES_MS = 300
const EVERY_MS = 200
const OPEN_LIMIT_MS = 30_000

/** A second process joins under load, and the first one leaves. Returns the one that stays; its `env` is given. */
export async function rebalance(
  suite: Suite,
  before: Instance,
  env: Readonly<Record<string, string>>,
): Promise<Instance> {
  const { recorder } = suite.stage.targets
  suite.progress('a second instance joins under load, then the first one leaves')
  const load = loadOf(suite)
  try {
    const after = await suite.stage.instances.start({ env, members: 2 })
    const begun = recorder.requests().length
    const atWork = async () => (recorder.requests().length > begun && recorder.open().length > 0 ? true : undefined)
    await waitFor('a request to be open', atWork, { limitMs: OPEN_LIMIT_MS, everyMs: 5, signal: suite.signal })
    await before.stop()
    const orders = await load.stop()
    await through(suite, orders)
    judge(suite, orders)
    return after
  } finally {
    await load.stop()
  }
}

function judge(suite: Suite, orders: readonly SuiteOrder[]): void {
  for (const one of orders) {
    const requests = requestsOf(suite, one)
    const found = [
      ...lost(one, suite.reference.dues(one), requests),
      ...repeated(requests),
      ...overlapping(requests),
      ...backwards(requests),
    ]
    for (const what of found) suite.findings.failed('rebalance', { order: `${one.source} ${one.id}`, what })
  }
  suite.findings.done('rebalance', `${counted(orders.length, 'order')} meanwhile`)
}

/** Ever more orders, whose requests take a while, until it is stopped. */
export function loadOf(suite: Suite, script: Script = () => ({ kind: 'ok', afterMs: TAKES_MS }), everyMs = EVERY_MS) {
  const orders: SuiteOrder[] = []
  const cycles = suite.references.map(({ cycle }) => cycle)
  let failed: unknown
  const timer = setInterval(() => {
    const one = order(suite, cycles[orders.length % cycles.length] ?? 0, { script })
    orders.push(one)
    publish(suite, one.source, one.events).catch(error => {
      failed ??= error
    })
  }, everyMs)
  return {
    orders,
    async stop(): Promise<readonly SuiteOrder[]> {
      clearInterval(timer)
      if (failed !== undefined) throw failed
      return orders
    },
  }
}
