import {
  type Done,
  type HandledEvent,
  type HandlerContext,
  Outage,
  Permanent,
  Retryable,
  Unknown,
} from '@hookline/consumer'
import { identityOf } from '@hookline/contracts'
import { type Calls, createCalls } from './calls.ts'
import { checkExecution } from './check-execution.ts'
import { checkHanded, returnedBy } from './kept-state.ts'
import type { Machine } from './machine.ts'
import type { Store } from './store.ts'
import { killerOf, LEASE_MS, type World } from './world.ts'

/** One effect of one event that the target has executed. */
export interface Execution {
  identity: string
  order: string
  effect: string
  event: string
  version: string
}

/** The other side: it honours keys, and keeps a ledger. */
export interface Target {
  readonly executions: readonly Execution[]
  readonly calls: Calls
  /** Entries that a person let pass a terminal event, by identity. */
  readonly released: Set<string>
  call(machine: Machine, event: HandledEvent, context: HandlerContext): Promise<void | Done>
}

type Answer = 'done' | 'retry' | 'outage' | 'permanent'

interface Request {
  execution: Execution
  key: string
  /** What the target would say of it, unless it has done it already. */
  answer: Answer
}

export function createTarget(world: World, store: Store): Target {
  const { random, time, seen } = world
  const executions: Execution[] = []
  const keys = new Set<string>()
  const released = new Set<string>()
  const calls = createCalls(world, store)

  function serve({ execution, key, answer }: Request): Answer {
    if (keys.has(key)) {
      seen['repeated key'] += 1
      return 'done'
    }
    if (answer !== 'done') return answer
    keys.add(key)
    world.note(() => `executed ${execution.identity} ${execution.effect}`)
    checkExecution({ world, store, executions, released }, execution)
    executions.push(execution)
    return 'done'
  }

  /** How long the way takes and how long the caller waits. Milliseconds. */
  function circumstances() {
    const troubled = world.troubled && world.variant.targets
    const slow = world.troubled && random.chance(0.1)
    const late = troubled && random.chance(0.05)
    const wayMs = 1 + random.below(late ? 3 * LEASE_MS : slow ? 2 * LEASE_MS : 60)
    const answer: Answer =
      troubled && random.chance(0.2) ? random.pick<Answer>(['retry', 'retry', 'outage', 'permanent']) : 'done'
    return {
      wayMs,
      // a patient caller waits beyond its lease, which must be renewed
      patienceMs: slow ? 3 * LEASE_MS : 1_000,
      lost: troubled && random.chance(0.03),
      mute: troubled && random.chance(0.04),
      obeys: random.chance(0.8),
      answer,
    }
  }

  async function exchange(request: Request, how: ReturnType<typeof circumstances>, signal: AbortSignal): Promise<void> {
    let answer: Answer | undefined
    let waiting = true
    const arrive = async () => {
      await time.sleep(how.wayMs)
      if (!waiting) seen['late execution'] += 1
      answer = serve(request)
    }
    if (!how.lost) void arrive()
    const waitMs = how.lost || how.mute ? how.patienceMs : Math.min(how.patienceMs, how.wayMs + 1)
    try {
      await time.sleep(waitMs, how.obeys ? signal : undefined)
    } catch {
      throw new Unknown('told to stop')
    } finally {
      waiting = false
    }
    switch (how.mute ? undefined : answer) {
      case 'done':
        return
      case 'retry':
        throw new Retryable('busy', random.chance(0.3) ? { retryAfterMs: 3_000 } : {})
      case 'outage':
        throw new Outage('away')
      case 'permanent':
        throw new Permanent('refused')
      case undefined:
        throw new Unknown('no answer')
    }
  }

  return {
    executions,
    calls,
    released,
    async call(machine, event, { effect, effectKey, signal, state }) {
      const identity = identityOf(event)
      const { source, order_id, event: name, version } = event
      const execution = { identity, order: `${source}:${order_id}`, effect, event: name, version }
      const ended = calls.begin(machine, execution, signal)
      const isOwner = store.orders.records().get(execution.order)?.owner?.startsWith(`${machine.name}#`) === true
      checkHanded(world, { store, executions }, { call: execution, handed: state, isOwner })
      if (world.killers.has(killerOf(execution.order, event))) machine.kill()
      const request = { execution, key: effectKey, answer: 'done' as Answer }
      const how = circumstances()
      try {
        await machine.back(exchange({ ...request, answer: how.answer }, how, signal))
        return returnedBy(execution)
      } finally {
        ended()
      }
    },
  }
}
