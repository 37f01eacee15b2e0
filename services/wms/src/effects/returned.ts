import { type Effect, effect, type HandledEvent } from '@hookline/consumer'
import { parseHcBody } from '@hookline/contracts'
import { type HttpTarget, httpPath } from '@hookline/service'
import { partOf } from '../part.ts'

/** Where each return of an order is. */
export function returned(warehouse: HttpTarget): Effect {
  return effect({
    name: 'return',
    policy: 'latest',
    on: { hc: ['return.requested', 'return.completed'] },
    part: partOf,
    handler: async (event, context) => {
      const path = httpPath`/orders/${event.order_id}/returns/${partOf(event)}`
      await warehouse.put(path, returnBody(event), { ...context, event })
    },
  })
}

function returnBody(event: HandledEvent): object {
  const { source, order_id, version, last_webhook_at } = event
  const { status, return_type, reason, reason_category, lines } = parseHcBody(event).data
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
