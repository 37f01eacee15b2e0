import { type CatalogueEvent, type Effect, effect } from '@hookline/consumer'
import { type HttpTarget, httpPath } from '@hookline/service'
import { snapshotOf } from '../snapshot.ts'

/** The order as the ERP knows it: the newest event that carries the whole order. */
export function order(erp: HttpTarget): Effect {
  return effect({
    name: 'order',
    policy: 'latest',
    on: { points: ['*'], hc: ['order.*', 'payment.completed', 'payment.failed'] },
    handler: async (event, context) => {
      await erp.put(httpPath`/orders/${event.order_id}`, orderBody(event), context)
    },
  })
}

function orderBody(event: CatalogueEvent): object {
  const { source, order_id, version, last_webhook_at } = event
  return { source, order_id, event: event.event, ...snapshotOf(event), last_webhook_at, version }
}
