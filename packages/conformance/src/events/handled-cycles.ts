import type { Consumer } from '@hookline/consumer'
import { creatingEvent } from '@hookline/consumer/loop'
import type { SourceName } from '@hookline/contracts'
import { LIFE_CYCLES, type LifeCycle, type Step } from './life-cycles.ts'
import { newOrder } from './order.ts'

const SOURCES: readonly SourceName[] = ['points', 'hc']

/**
 * The life cycles as this consumer sees them: only events that it handles, and those that make an order known to it. What it
 * handles and no life cycle has is one of its own. Throws where it handles nothing.
 */
export function handledCycles(consumer: Consumer): readonly LifeCycle[] {
  const candidates = [...LIFE_CYCLES, ...namedElsewhere(consumer)]
  const handled = candidates.map(cycle => restricted(consumer, cycle)).filter(cycle => cycle !== undefined)
  const different = new Map(handled.map(cycle => [JSON.stringify([cycle.source, cycle.steps.map(wordsOf)]), cycle]))
  if (different.size === 0)
    throw new Error(`${consumer.name} handles no event of any source: there is nothing to check`)
  return [...different.values()]
}

function restricted(consumer: Consumer, cycle: LifeCycle): LifeCycle | undefined {
  const { events } = newOrder(consumer, cycle, { cycle: 0 })
  const kept = cycle.steps.filter((_, n) => events[n]?.creating === true || (events[n]?.effects.length ?? 0) > 0)
  return events.some(({ effects }) => effects.length > 0) ? { ...cycle, steps: kept } : undefined
}

function wordsOf({ event, says }: Step): readonly unknown[] {
  return [event, says]
}

/** Names that the declaration spells out and that no life cycle has, each after what makes its order known. */
function namedElsewhere(consumer: Consumer): readonly LifeCycle[] {
  return SOURCES.flatMap(source => {
    const told = new Set(
      LIFE_CYCLES.filter(cycle => cycle.source === source).flatMap(({ steps }) => steps.map(({ event }) => event)),
    )
    const names = new Set(consumer.effects.flatMap(({ on }) => on[source] ?? []))
    const creating = creatingEvent(consumer, source)
    return [...names]
      .filter(name => !name.endsWith('*') && !told.has(name))
      .map((name): LifeCycle => ({ source, steps: stepsTo(name, creating) }))
  })
}

function stepsTo(name: string, creating: string | null): readonly Step[] {
  const step = { event: name, atSeconds: 1 }
  return creating === null || creating === name ? [step] : [{ event: creating, atSeconds: 0 }, step]
}
