import { identityOf, parseEvent, type WebhookEvent } from '@hookline/contracts'
import type { Consumer } from '@hookline/consumer'
import { route } from '@hookline/consumer/loop'
import { newestReturned } from './kept-state.ts'
import { timesTallied } from './own-database.ts'
import type { Store } from './store.ts'
import type { Execution, Target } from './target.ts'
import type { World } from './world.ts'

interface End {
  world: World
  store: Store
  target: Target
  consumer: Consumer
}

/** What must hold once everything was delivered, all is quiet and a person gave back all that was dead. */
export function checkEnd(end: End, events: readonly WebhookEvent[]): void {
  for (const event of events) checkEvent(end, event)
  for (const [order, record] of end.store.orders.records()) {
    for (const name of ['order', 'fulfilment']) {
      const executed = end.target.executions.filter(one => one.order === order && one.effect === name)
      const newest = executed.reduce((top, { version }) => (version > top ? version : top), '')
      if ((record.floors[name]?.version ?? '') !== newest) {
        end.world.violated('a floor is the newest version that was executed', `${order} ${name}`)
      }
      const kept = newestReturned(end.target.executions, { order, effect: name })
      if (record.floors[name]?.state?.by !== kept) {
        end.world.violated('what is kept is what the newest one returned', `${order} ${name}`)
      }
    }
  }
}

function checkEvent(end: End, event: WebhookEvent): void {
  const { world, store, target } = end
  const identity = identityOf(event)
  const state = store.state(identity)
  if (state === undefined) return world.violated('nothing that is in Kafka is lost', identity)
  if (state === 'open') return world.violated('nothing stays open', identity)
  for (const { name, floor } of route(end.consumer, parseEvent(event)).effects) {
    if (name === 'tally') {
      const times = timesTallied(store, event)
      if (times === 1) world.seen['transaction committed'] += 1
      else world.violated('an effect in the own database happens once without a key', `${identity}: ${times} times`)
      continue
    }
    const own = target.executions.filter(one => one.identity === identity && one.effect === name)
    if (own.length > 1) world.violated('each effect once', `${identity} ${name}`)
    const isOvertaken = floor !== undefined && target.executions.some(one => overtakes(one, event, name))
    if (own.length === 0 && !isOvertaken) world.violated('what is not stale is executed', `${identity} ${name}`)
    if (own.length > 0 && state === 'stale' && !mayBeReplayed(world)) {
      world.violated('what was executed is not called stale', identity)
    }
    checkRequests(end, identity, name)
  }
}

/** Where a run is cut short, what it did is replayed after what is newer has raised its floor: then it is stale. */
function mayBeReplayed({ variant }: World): boolean {
  return variant.database || variant.processes || variant.poison
}

/** Without faults, duplicates are dropped by the inbox and not by the target. */
function checkRequests({ world, target }: End, identity: string, effect: string): void {
  if (mayBeReplayed(world) || world.variant.targets) return
  const times = target.calls.times(identity, effect)
  if (times > 1) world.violated('each effect is requested once', `${identity} ${effect}: ${times} times`)
}

function overtakes(execution: Execution, event: WebhookEvent, effect: string): boolean {
  const sameOrder = execution.order === `${event.source}:${event.order_id}`
  return sameOrder && execution.effect === effect && execution.version > event.version
}
