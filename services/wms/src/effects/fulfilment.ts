import {
  type CatalogueEvent,
  type Effect,
  effect,
  type HcOrder,
  isFullRefund,
  type PointsOrder,
} from '@hookline/consumer'
import { type HttpTarget, httpPath } from '@hookline/service'

type Action = 'release' | 'hold'

const POINTS: Readonly<Record<string, Action>> = {
  approved: 'release',
  captured: 'release',
  completed: 'release',
  cancelled: 'hold',
  auto_refunded: 'hold',
  refunded: 'hold',
}

const HC: Readonly<Record<string, Action>> = {
  'order.confirmed': 'release',
  'order.paid': 'release',
  'order.cancelled': 'hold',
}

/** Whether the goods may leave. A cancellation that overtakes the approval means that they never do. */
export function fulfilment(warehouse: HttpTarget): Effect {
  return effect({
    name: 'fulfilment',
    policy: 'latest',
    on: { points: Object.keys(POINTS), hc: Object.keys(HC) },
    // a partial refund must not make the approval before it stale
    when: event => event.event !== 'refunded' || isFullRefund(event),
    terminal: event => actionOf(event) === 'hold',
    handler: async (event, context) => {
      await warehouse.put(httpPath`/orders/${event.order_id}/fulfilment`, fulfilmentBody(event), context)
    },
  })
}

function actionOf(event: CatalogueEvent): Action | undefined {
  return (event.source === 'points' ? POINTS : HC)[event.event]
}

function fulfilmentBody(event: CatalogueEvent): object {
  const { source, order_id, version, last_webhook_at } = event
  const order = event.source === 'points' ? pointsOrder(event.order) : hcOrder(event.subject)
  return { source, order_id, event: event.event, action: actionOf(event), ...order, last_webhook_at, version }
}

function pointsOrder({ order_status: status, order_number, reference_number, reason }: PointsOrder): object {
  return { status, order_number, reference_number, reason }
}

function hcOrder(order: HcOrder): object {
  const { status, number: order_number, lines, shipping_address, shipping_method_name } = order
  return { status, order_number, lines, shipping_address, shipping_method_name }
}
