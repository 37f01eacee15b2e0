import type { DueEffect, OrderEvent, SuiteOrder } from '../events/order.ts'
import type { SeenRequest } from '../targets/request.ts'

/** An effect of an event for which a target is asked. */
export interface Due {
  readonly event: OrderEvent
  readonly effect: string
  readonly declared: DueEffect | undefined
}

/**
 * What the service asks for when nothing goes wrong, learnt from one order of each life cycle: an effect may also send nothing,
 * which no declaration says.
 */
export interface Reference {
  learn(order: SuiteOrder, requests: readonly SeenRequest[]): void
  /** The oldest first. */
  dues(order: SuiteOrder): readonly Due[]
  /** Whether any life cycle asks for anything. */
  isEmpty(): boolean
}

export function reference(): Reference {
  const cycles = new Map<number, Map<string, { n: number; effect: string }>>()
  return {
    learn(order, requests) {
      const asked = requests.map(({ event, effect }) => [`${event.n} ${effect}`, { n: event.n, effect }] as const)
      cycles.set(order.cycle, new Map(asked.toSorted(([, a], [, b]) => a.n - b.n)))
    },
    dues(order) {
      return [...(cycles.get(order.cycle)?.values() ?? [])].flatMap(({ n, effect }) => {
        const event = order.events[n]
        return event ? [{ event, effect, declared: declaredOf(event, effect) }] : []
      })
    },
    isEmpty: () => [...cycles.values()].every(asked => asked.size === 0),
  }
}

function declaredOf({ effects }: OrderEvent, name: string): DueEffect | undefined {
  return effects.find(effect => effect.name === name) ?? (effects.length === 1 ? effects[0] : undefined)
}

/** What must have been asked for in the end, whatever came first: facts each, of snapshots the newest. */
export function needed(order: SuiteOrder, dues: readonly Due[]): readonly Due[] {
  return dues.filter(({ event, declared }) => {
    const floor = declared?.floor
    if (floor === undefined) return true
    const newest = order.events.findLast(({ effects }) => effects.some(effect => effect.floor === floor))
    return newest === event
  })
}
