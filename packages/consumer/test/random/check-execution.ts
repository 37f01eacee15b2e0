import type { Store } from './store.ts'
import type { Execution } from './target.ts'
import { isTerminal } from './workload.ts'
import type { World } from './world.ts'

interface Ledger {
  world: World
  store: Store
  /** Before this one. */
  executions: readonly Execution[]
  released: ReadonlySet<string>
}

/** What must hold when the target executes an effect of an event for the first time. */
export function checkExecution({ world, store, executions, released }: Ledger, execution: Execution): void {
  const { identity, order, effect, event, version } = execution
  const what = `${identity} ${effect}`
  const state = store.state(identity)
  if (state !== 'open') world.violated('what is over never executes for the first time', `${what}, ${state}`)
  const ofOrder = executions.filter(other => other.order === order)
  if (order.startsWith('hc:') && event !== 'order.created' && !ofOrder.some(other => other.event === 'order.created')) {
    world.violated('what makes the order known comes first', what)
  }
  if (effect === 'entry') return
  const last = ofOrder.findLast(other => other.effect === effect)
  if (!last) return
  if (version < last.version) world.violated('no older snapshot is executed', `${what} after ${last.identity}`)
  if (effect === 'fulfilment' && isTerminal(last) && !isTerminal({ event }) && !released.has(identity)) {
    world.violated('nothing passes a terminal event by itself', `${what} after ${last.identity}`)
  }
}
