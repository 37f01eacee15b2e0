import { type Effect, effect } from '@hookline/consumer'
import { type HttpTarget, httpPath } from '@hookline/service'

/** Says that an order is approved, and what it is worth. */
export function approval(api: HttpTarget): Effect {
  return effect({
    name: 'approval',
    policy: 'latest',
    on: { points: ['approved'] },
    handler: async ({ order_id, order, version, last_webhook_at }, context) => {
      // made of the event alone: every attempt sends the same bytes under the same key
      const body = { total: order.total_price, version, last_webhook_at }
      await api.put(httpPath`/orders/${order_id}/approval`, body, context)
    },
  })
}
