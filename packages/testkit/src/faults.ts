/** What a memory port throws in place of its adapter's errors: an outage, after which nothing or everything was written. */
export class MemoryFault extends Error {
  override readonly name = 'MemoryFault'
  readonly code: string
  readonly retry = true

  constructor(code: string, operation: string) {
    super(`${operation}: ${code}`)
    this.code = code
  }
}

/** A call that was stopped at a point, until `resume`. */
export interface Pause {
  /** Resolves when the call has come to the point. */
  readonly reached: Promise<void>
  resume(): void
}

/** A call that its caller gave up, and that is still on its way. */
export interface Late {
  /** It is carried out now. */
  arrive(): void
}

/** Faults of the next calls of an operation, first planned first met. */
export interface Faults<Operation extends string> {
  /** The next call rejects, and nothing was done. */
  failBefore(operation: Operation): void
  /** The next call does the first half of what it was given (rounded up), then rejects. */
  failMidway(operation: Operation): void
  /** The next call does everything, then rejects: its outcome is unknown to the caller. */
  failAfter(operation: Operation): void
  /** The next call rejects, and everything is done when it arrives: its caller has long gone on. */
  failLate(operation: Operation): Late
  pauseBefore(operation: Operation): Pause
  pauseAfter(operation: Operation): Pause
  /** Every call rejects, until `up`. */
  down(): void
  up(): void
}

type Plan = { kind: 'fail before' | 'fail midway' | 'fail after' } | PausePlan | LatePlan
type LatePlan = { kind: 'fail late'; send: (work: () => unknown) => void }
type PausePlan = { kind: 'pause before' | 'pause after'; arrive: () => void; resumed: Promise<void> }

/** A port's operation over items: `work` is what it does at once, for all of them or for the first half. */
export type Around<Operation extends string> = <Item, T>(
  operation: Operation,
  items: readonly Item[],
  work: (items: readonly Item[]) => T,
) => Promise<T>

export function faultyCalls<Operation extends string>(): { faults: Faults<Operation>; around: Around<Operation> } {
  const plans: { operation: Operation; plan: Plan }[] = []
  let isDown = false
  const add = (operation: Operation, plan: Plan) => void plans.push({ operation, plan })

  const faults: Faults<Operation> = {
    failBefore: operation => add(operation, { kind: 'fail before' }),
    failMidway: operation => add(operation, { kind: 'fail midway' }),
    failAfter: operation => add(operation, { kind: 'fail after' }),
    failLate: operation => {
      let sent: (() => unknown) | undefined
      add(operation, {
        kind: 'fail late',
        send: work => {
          sent = work
        },
      })
      return { arrive: () => void sent?.() }
    },
    pauseBefore: operation => pause(operation, 'pause before'),
    pauseAfter: operation => pause(operation, 'pause after'),
    down: () => {
      isDown = true
    },
    up: () => {
      isDown = false
    },
  }

  function pause(operation: Operation, kind: PausePlan['kind']): Pause {
    const reached = Promise.withResolvers<void>()
    const resumed = Promise.withResolvers<void>()
    add(operation, { kind, arrive: reached.resolve, resumed: resumed.promise })
    return { reached: reached.promise, resume: resumed.resolve }
  }

  function nextPlan(operation: Operation): Plan | undefined {
    const at = plans.findIndex(planned => planned.operation === operation)
    return at === -1 ? undefined : plans.splice(at, 1)[0]?.plan
  }

  async function around<Item, T>(operation: Operation, items: readonly Item[], work: (items: readonly Item[]) => T) {
    const plan = nextPlan(operation)
    if (plan?.kind === 'pause before') await stop(plan)
    if (isDown || plan?.kind === 'fail before') throw new MemoryFault('nothing was done', operation)
    if (plan?.kind === 'fail late') {
      plan.send(() => work(items))
      throw new MemoryFault('it is still on its way', operation)
    }
    if (plan?.kind === 'fail midway') {
      work(items.slice(0, Math.ceil(items.length / 2)))
      throw new MemoryFault('half was done', operation)
    }
    const result = work(items)
    if (plan?.kind === 'pause after') await stop(plan)
    if (plan?.kind === 'fail after') throw new MemoryFault('all was done', operation)
    return result
  }

  return { faults, around }
}

function stop(plan: PausePlan): Promise<void> {
  plan.arrive()
  return plan.resumed
}
