import { type Effect, effect, type EventOf, partOf } from '@hookline/consumer'
import { type HttpTarget, httpPath } from '@hookline/service'

/** Where each return of an order is. */
export function returned(warehouse: HttpTarget): Effect {
  return effect({
    name: 'return',
    policy: 'latest',
    on: { hc: ['return.requested', 'return.completed'] },
    part: partOf,
    handler: async (event, context) => {
      const path = httpPath`/orders/${event.order_id}/returns/${partOf(event)}`
      await warehouse.put(path, returnBody(event), context)
    },
  })
}

function returnBody(event: EventOf<'hc', 'return.*'>): object {
  const { source, order_id, version, last_webhook_at } = event
  const { status, return_type, reason, reason_category, lines } = event.subject
  return {
    source,
    order_id,
    event: event.event,
    part: partOf(event),
    status,
    return_type,
    reason,
    reason_category,
    lines,
    last_webhook_at,
    version,
  }
}
