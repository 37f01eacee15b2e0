import type { Machine } from './machine.ts'
import type { Store } from './store.ts'
import type { Execution } from './target.ts'
import type { World } from './world.ts'

interface Call {
  machine: Machine
  execution: Execution
  signal: AbortSignal
}

/** Who asks for what at this moment, and how often it was asked for. */
export interface Calls {
  /** Returns what ends it. */
  begin(machine: Machine, execution: Execution, signal: AbortSignal): () => void
  times(identity: string, effect: string): number
}

export function createCalls(world: World, store: Store): Calls {
  const running = new Set<Call>()
  const counts = new Map<string, number>()

  /** A call begins only for who owns the order at this very moment, and for what is in its run list. */
  function checkRight({ machine, execution }: Call): void {
    const record = store.orders.records().get(execution.order)
    const what = `${machine.name} ${execution.identity} ${execution.effect}`
    if (!record?.owner?.startsWith(`${machine.name}#`)) {
      world.violated('only the owner calls', `${what}, owned by ${record?.owner ?? 'nobody'}`)
      return
    }
    const entry = record.lane.find(({ event, version }) => event === execution.event && version === execution.version)
    if (!entry?.begun) world.violated('only what is begun is called for', what)
  }

  /** Another call for the order may still run only where its process was told to stop, stands still or is gone. */
  function checkAlone({ machine, execution }: Call): void {
    for (const other of running) {
      if (other.execution.order !== execution.order) continue
      world.seen['zombie call'] += 1
      if (other.signal.aborted || other.machine.isPaused() || !other.machine.isAlive()) continue
      world.violated(
        'effects of one order never overlap',
        `${execution.identity} at ${machine.name}, ${other.machine.name}`,
      )
    }
  }

  return {
    begin(machine, execution, signal) {
      const call = { machine, execution, signal }
      world.seen.call += 1
      world.note(() => `${machine.name} calls ${execution.identity} ${execution.effect}`)
      checkRight(call)
      checkAlone(call)
      running.add(call)
      const key = `${execution.identity} ${execution.effect}`
      counts.set(key, (counts.get(key) ?? 0) + 1)
      return () => void running.delete(call)
    },
    times: (identity, effect) => counts.get(`${identity} ${effect}`) ?? 0,
  }
}
