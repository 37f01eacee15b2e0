import { type Effect, effect, type HandledEvent } from '@hookline/consumer'
import { parseHcBody, parsePointsBody } from '@hookline/contracts'
import { type HttpTarget, httpPath } from '@hookline/service'
import { partOf } from '../part.ts'

/** Where each shipment of an order is. */
export function shipping(warehouse: HttpTarget): Effect {
  return effect({
    name: 'shipping',
    policy: 'latest',
    on: { points: ['shipping_status_updated'], hc: ['fulfillment.*'] },
    part: partOf,
    handler: async (event, context) => {
      const path = httpPath`/orders/${event.order_id}/shipments/${partOf(event)}`
      await warehouse.put(path, shipmentBody(event), { ...context, event })
    },
  })
}

function shipmentBody(event: HandledEvent): object {
  const { source, order_id, version, last_webhook_at } = event
  const shipment = event.source === 'points' ? pointsShipment(event) : hcShipment(event)
  return { source, order_id, event: event.event, part: partOf(event), ...shipment, last_webhook_at, version }
}

function pointsShipment(event: HandledEvent): object {
  const { status, status_label, order_status, order_number, reference_number } = parsePointsBody(event).order
  return { status, status_label, order_status, order_number, reference_number }
}

function hcShipment(event: HandledEvent): object {
  const { status, tracking_number, tracking_url, tracking_company, carrier, lines } = parseHcBody(event).data
  return { status, tracking_number, tracking_url, tracking_company, carrier, lines }
}
