import { type Effect, effect, type EventFor, type HcFulfillment, partOf, type PointsOrder } from '@hookline/consumer'
import { type HttpTarget, httpPath } from '@hookline/service'

const on = { points: ['shipping_status_updated'], hc: ['fulfillment.*'] } as const

/** Where each shipment of an order is. */
export function shipping(warehouse: HttpTarget): Effect {
  return effect({
    name: 'shipping',
    policy: 'latest',
    on,
    part: partOf,
    handler: async (event, context) => {
      const path = httpPath`/orders/${event.order_id}/shipments/${partOf(event)}`
      await warehouse.put(path, shipmentBody(event), context)
    },
  })
}

function shipmentBody(event: EventFor<typeof on>): object {
  const { source, order_id, version, last_webhook_at } = event
  const shipment = event.source === 'points' ? pointsShipment(event.order) : hcShipment(event.subject)
  return { source, order_id, event: event.event, part: partOf(event), ...shipment, last_webhook_at, version }
}

function pointsShipment(order: PointsOrder): object {
  const { status, status_label, order_status, order_number, reference_number } = order
  return { status, status_label, order_status, order_number, reference_number }
}

function hcShipment(shipment: HcFulfillment): object {
  const { status, tracking_number, tracking_url, tracking_company, carrier, lines } = shipment
  return { status, tracking_number, tracking_url, tracking_company, carrier, lines }
}
