import { type DoneEffect, type EffectState, type Floors, type LaneEffect, progress } from '../../src/index.ts'
import type { Lane } from './effects.ts'
import type { Site, Steps } from './instance.ts'
import { violated, type World } from './world.ts'
import type { ModelEvent } from './workload.ts'

/** What the handler of this event returns to be kept: who returned it. */
export function returnedBy(world: World, event: ModelEvent, { floor }: LaneEffect): { state?: EffectState } {
  return world.variant.keepsState && event.returns && floor !== undefined ? { state: { by: event.version } } : {}
}

/** The version that returned what the effect is handed. */
export function handedTo({ floor }: LaneEffect, floors: Floors): string {
  return versionOf(floor === undefined ? undefined : floors[floor]?.state)
}

export function versionOf(state: EffectState | undefined): string {
  return typeof state?.by === 'string' ? state.by : ''
}

/** E: what was returned is stored before anything says that the effect is done. False: the claim was lost. */
export function* storeProgress({ store }: Site, lane: Lane, done: DoneEffect): Steps<boolean> {
  for (;;) {
    yield
    const before = store.read(lane.order)
    const after = before ? progress(before, done, lane.token) : 'lost'
    if (after === 'lost') return false
    if (after === 'stored') return true
    yield
    if (store.write(lane.order, before, after)) return true
  }
}

/**
 * An effect is handed what the newest of the older events that the target has executed returned: newer ones that a crash
 * made unsure are not known yet. A zombie is about to lose its run.
 */
export function checkHanded(
  { world, store, target }: Site,
  lane: Lane,
  { event, effect, handed }: { event: ModelEvent; effect: LaneEffect; handed: string },
): void {
  if (effect.floor === undefined || store.orders.get(lane.order)?.owner !== lane.token) return
  const newest = newestReturned(world, target.executions, {
    order: event.order,
    floor: effect.floor,
    before: event.version,
  })
  if (newest !== '') world.seen['handed a kept state']++
  if (handed !== newest) {
    violated(world, 'an effect is handed what the newest one before it returned', `${event.id}: ${handed}, ${newest}`)
  }
}

/** The version of the newest executed event, `before` a version, that returned a state. */
export function newestReturned(
  world: World,
  executions: (event: ModelEvent, effect: LaneEffect) => number,
  { order, floor, before }: { order: string; floor: string; before?: string },
): string {
  const events = world.workload.orders.find(({ id }) => id === order)?.events ?? []
  return events
    .filter(event => before === undefined || event.version < before)
    .filter(event => event.effects.some(effect => effect.floor === floor && executions(event, effect) > 0))
    .map(event => ({ event, kept: event.effects.find(effect => effect.floor === floor) }))
    .filter(({ event, kept }) => kept && returnedBy(world, event, kept).state)
    .reduce((newest, { event }) => (event.version > newest ? event.version : newest), '')
}
