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
  /** Facts that were not asked for, though others of their name were: a service that drops the second of two is not a model. */
  missingFacts(order: SuiteOrder): readonly Due[]
  /** Whether any life cycle asks for anything. */
  isEmpty(): boolean
}

export function reference(): Reference {
  /** By life cycle, event and effect. */
  const asked = new Map<string, string>()
  const facts = new Set<string>()
  const placeOf = ({ cycle }: SuiteOrder, { n }: OrderEvent) => `${cycle} ${n} `
  const nameOf = ({ event }: OrderEvent, effect: string) => `${event.source} ${event.event} ${effect}`

  function dues(order: SuiteOrder): readonly Due[] {
    return order.events.flatMap(event => {
      const here = [...asked].filter(([place]) => place.startsWith(placeOf(order, event)))
      return here.map(([, effect]) => ({ event, effect, declared: declaredOf(event, effect) }))
    })
  }

  return {
    dues,
    learn(order, requests) {
      for (const { event, effect, declared } of requests) {
        asked.set(`${placeOf(order, event)}${effect}`, effect)
        if (declared?.policy === 'every') facts.add(nameOf(event, effect))
      }
    },
    missingFacts(order) {
      const known = dues(order)
      return order.events.flatMap(event =>
        event.effects
          .filter(({ name }) => facts.has(nameOf(event, name)))
          .filter(({ name }) => !known.some(due => due.event === event && due.effect === name))
          .map(declared => ({ event, effect: declared.name, declared })),
      )
    },
    isEmpty: () => asked.size === 0,
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
