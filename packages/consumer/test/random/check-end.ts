import { identityOf, type WebhookEvent } from '@hookline/contracts'
import { type Consumer, route } from '@hookline/consumer'
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
    }
  }
}

function checkEvent(end: End, event: WebhookEvent): void {
  const { world, store, target } = end
  const identity = identityOf(event)
  const state = store.state(identity)
  if (state === undefined) return world.violated('nothing that is in Kafka is lost', identity)
  if (state === 'open') return world.violated('nothing stays open', identity)
  for (const { name, floor } of route(end.consumer, { ...event, data: JSON.parse(event.body) }).effects) {
    const own = target.executions.filter(one => one.identity === identity && one.effect === name)
    if (own.length > 1) world.violated('each effect once', `${identity} ${name}`)
    const isOvertaken = floor !== undefined && target.executions.some(one => overtakes(one, event, name))
    if (own.length === 0 && !isOvertaken) world.violated('what is not stale is executed', `${identity} ${name}`)
    if (own.length > 0 && state === 'stale') world.violated('what was executed is not called stale', identity)
    checkRequests(end, identity, name)
  }
}

/** Without faults, duplicates are dropped by the inbox and not by the target. */
function checkRequests({ world, target }: End, identity: string, effect: string): void {
  const { database, processes, targets } = world.variant
  if (database || processes || targets) return
  const times = target.calls.times(identity, effect)
  if (times > 1) world.violated('each effect is requested once', `${identity} ${effect}: ${times} times`)
}

function overtakes(execution: Execution, event: WebhookEvent, effect: string): boolean {
  const sameOrder = execution.order === `${event.source}:${event.order_id}`
  return sameOrder && execution.effect === effect && execution.version > event.version
}
