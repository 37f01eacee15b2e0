import type { LaneEffect } from '../../src/index.ts'
import { newestReturned, versionOf } from './kept-state.ts'
import type { Store } from './store.ts'
import type { Target } from './target.ts'
import { isKeyed, violated, type World } from './world.ts'
import type { ModelEvent } from './workload.ts'

/** What must hold once everything was delivered and all is quiet. */
export function checkEnd(world: World, store: Store, target: Target): void {
  for (const event of world.workload.events.values()) {
    if (!store.inbox.has(event.id)) violated(world, 'nothing acknowledged is lost', event.id)
    else for (const effect of event.effects) checkEffect({ world, store, target }, event, effect)
  }
  for (const order of store.orders.keys()) checkFloors({ world, store, target }, order)
}

interface End {
  world: World
  store: Store
  target: Target
}

function checkEffect({ world, store, target }: End, event: ModelEvent, effect: LaneEffect): void {
  const what = `${event.id} ${effect.name}`
  const times = target.executions(event, effect)
  const ambiguous = target.attempts.ambiguous(event.id, effect.name)
  world.seen['ambiguous attempt'] += ambiguous
  if (times === 0 && !isOvertaken({ world, store, target }, event, effect)) {
    violated(world, 'what is not stale is executed', what)
  }
  // where F was cut in the middle, a newer one that is already done makes a replayed one stale
  if (times > 0 && store.inbox.get(event.id) === 'stale' && ambiguous === 0) {
    violated(world, 'what was executed is not called stale', what)
  }
  const allowed = isKeyed(world) ? 1 : 1 + ambiguous
  if (times > allowed) violated(world, 'each effect once', `${what}: ${times} times, ${ambiguous} ambiguous`)
}

function isOvertaken({ world, target }: End, event: ModelEvent, { floor }: LaneEffect): boolean {
  if (floor === undefined) return false
  return siblings(world, event.order, floor).some(
    other => other.event.version > event.version && target.executions(other.event, other.effect) > 0,
  )
}

function checkFloors({ world, store, target }: End, order: string): void {
  const floors = store.orders.get(order)?.floors ?? {}
  const keys = new Set(siblings(world, order).map(({ effect }) => effect.floor as string))
  for (const key of keys) {
    const executed = siblings(world, order, key).filter(({ event, effect }) => target.executions(event, effect) > 0)
    const newest = executed.reduce((top, { event }) => (event.version > top ? event.version : top), '')
    const floor = floors[key]
    if ((floor?.version ?? '') !== newest) {
      violated(
        world,
        'a floor is the newest version that was executed',
        `${order} ${key}: ${floor?.version}, ${newest}`,
      )
    }
    const kept = newestReturned(world, target.executions, { order, floor: key })
    if (isKeyed(world) && versionOf(floor?.state) !== kept) {
      violated(
        world,
        'what is kept is what the newest one returned',
        `${order} ${key}: ${versionOf(floor?.state)}, ${kept}`,
      )
    }
    const ended = executed.some(({ event, effect }) => event.version === newest && effect.terminal)
    if ((floor?.terminal ?? false) !== ended) violated(world, 'a floor is terminal with its newest', `${order} ${key}`)
  }
}

/** The effects of an order that share a floor; without `key` all that have one. */
function siblings(world: World, order: string, key?: string): readonly { event: ModelEvent; effect: LaneEffect }[] {
  const events = world.workload.orders.find(({ id }) => id === order)?.events ?? []
  return events.flatMap(event =>
    event.effects
      .filter(({ floor }) => floor !== undefined && (key === undefined || floor === key))
      .map(effect => ({ event, effect })),
  )
}
