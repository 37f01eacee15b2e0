import type { CatalogueEvent, PointsOrder } from '@hookline/consumer'

/** What an event says of its order, every value as it was sent; what was not sent is absent in JSON. */
export interface Snapshot {
  status: unknown
  type: unknown
  order_number: unknown
  reference_number: unknown
  payment_status: unknown
  /** Money fields by the sender's own names: Points' SAR as a number, HC's `{ amount, currency }`. */
  totals: Readonly<Record<string, unknown>>
  points: unknown
  metadata: unknown
}

/** A pure function of the event: the bytes of a retry are the bytes of the first request. */
export function snapshotOf(event: CatalogueEvent): Snapshot {
  return event.source === 'points' ? pointsSnapshot(event.order) : hcSnapshot(event.subject)
}

function pointsSnapshot(order: PointsOrder): Snapshot {
  return {
    status: order.order_status,
    type: order.type,
    order_number: order.order_number,
    reference_number: order.reference_number,
    payment_status: order.payment_status,
    totals: { total_price: order.total_price },
    points: order.total_points,
    metadata: order.metadata,
  }
}

function hcSnapshot(subject: Extract<CatalogueEvent, { source: 'hc' }>['subject']): Snapshot {
  const { subtotal, discount_total, shipping_total, tax_total, total, refunded_total } = subject
  return {
    status: subject.status,
    type: subject.type,
    order_number: subject.number,
    reference_number: subject.reference_number,
    payment_status: subject.payment_status,
    totals: { subtotal, discount_total, shipping_total, tax_total, total, refunded_total },
    points: subject.points,
    metadata: subject.metadata,
  }
}
