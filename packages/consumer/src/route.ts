import { createHash } from 'node:crypto'
import { catalogueOf, ruleOf } from '@hookline/contracts'
import type { LaneEffect } from '@hookline/delivery'
import type { Consumer } from './define-consumer.ts'
import type { Effect, HandledEvent } from './effect.ts'

/** What one event means for one consumer. */
export interface Route {
  /** In declared order. */
  effects: readonly LaneEffect[]
  /** It makes its order known. */
  creating: boolean
}

/** What this consumer has to do for an event. Throws what a declaration's own function throws. */
export function route(consumer: Consumer, event: HandledEvent): Route {
  if (!isOrderEvent(event)) return { effects: [], creating: false }
  return {
    effects: consumer.effects.filter(effect => isFor(effect, event)).map(effect => laneEffect(effect, event)),
    creating: creatingEvent(consumer, event.source) === event.event,
  }
}

/** The event that makes an order of this source known to this consumer; null: orders of the source are known at once. */
export function creatingEvent(consumer: Consumer, source: string): string | null {
  const declared = consumer.prerequisites[source]
  if (declared !== undefined) return declared
  const events = Object.entries(catalogueOf(source)?.events ?? {})
  return events.find(([, rule]) => rule.prerequisite === 'creates')?.[0] ?? null
}

function isOrderEvent(event: HandledEvent): boolean {
  const catalogue = catalogueOf(event.source)
  return !catalogue || ruleOf(catalogue, event.event).resource === 'order'
}

function isFor(effect: Effect, event: HandledEvent): boolean {
  const patterns = Object.hasOwn(effect.on, event.source) ? effect.on[event.source] : undefined
  return patterns?.some(pattern => matches(pattern, event.event)) === true && (effect.when?.(event) ?? true)
}

function matches(pattern: string, name: string): boolean {
  if (pattern === '*') return true
  return pattern.endsWith('.*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern
}

function laneEffect(effect: Effect, event: HandledEvent): LaneEffect {
  return {
    name: effect.name,
    ...(effect.policy === 'latest' && { floor: floorKey(effect, event) }),
    ...(effect.terminal?.(event) && { terminal: true as const }),
    ...(effect.onDead === 'hold' && { hold: true as const }),
  }
}

const LONGEST_PART = 128

/**
 * A part's name comes from the sender: encoded, so that it is never a path, an operator or a prototype in the database,
 * and a digest where it is long, as a floor stays for ever.
 */
function floorKey(effect: Effect, event: HandledEvent): string {
  if (!effect.part) return effect.name
  const part = effect.part(event).toWellFormed()
  const short = part.length > LONGEST_PART ? createHash('sha256').update(part).digest('hex') : part
  return `${effect.name}/${encodeURIComponent(short).replaceAll('.', '%2E')}`
}
