import type { Step } from './life-cycles.ts'
import type { PlannedOrder } from './plan.ts'

/** One event to be put into a body. */
export interface Happening {
  readonly order: PlannedOrder
  readonly step: Step
  /** Milliseconds since 1970. */
  readonly atMs: number
  /** HC's id of the event. */
  readonly eventId: string
}

const SHIPPING_LABELS: Readonly<Record<string, { readonly ar: string; readonly en: string }>> = {
  ready_shipping: { ar: 'جاهز للشحن', en: 'Ready to ship' },
  delivery_is_in_progress: { ar: 'قيد التوصيل', en: 'Out for delivery' },
  delivered: { ar: 'تم التوصيل', en: 'Delivered' },
  cancelled: { ar: 'ملغي', en: 'Cancelled' },
}

/** The body as its sender would write it, in the fields that its public documentation names. */
export function bodyOf(happening: Happening): string {
  return JSON.stringify(happening.order.source === 'points' ? pointsBody(happening) : hcBody(happening))
}

function pointsBody({ order, step, atMs }: Happening): object {
  const at = `${new Date(atMs).toISOString().slice(0, 19)}Z`
  const { partStatus, status } = step
  return {
    event: step.event,
    order: {
      id: order.id,
      reference_number: `REF-${order.number}`,
      order_number: order.number,
      type: order.lifeCycle.steps.length === 1 ? 'earning' : 'replacing',
      total_price: order.total,
      total_points: order.total * 10,
      payment_status: 'fully_paid',
      order_status: status,
      metadata: { email: order.email, language: order.language },
      created_at: `${new Date(order.bornMs).toISOString().slice(0, 19)}Z`,
      updated_at: at,
      ...(step.event === 'cancelled' && { reason: 'the customer changed their mind' }),
      ...(partStatus !== undefined && { status: partStatus, status_label: SHIPPING_LABELS[partStatus] }),
    },
    timestamp: at,
  }
}

function hcBody(happening: Happening): object {
  const { step, atMs, eventId } = happening
  return {
    id: eventId,
    type: step.event,
    created_at: new Date(atMs).toISOString(),
    data: hcData(happening),
    store_id: 'store_demo',
  }
}

function hcData(happening: Happening): object {
  const { order, step } = happening
  const money = { amount: order.total, currency: 'SAR' }
  const [resource] = step.event.split('.')
  if (resource === 'fulfillment') {
    return { id: hcPartId(order, step), order_id: order.id, status: step.partStatus, carrier: 'demo-express' }
  }
  if (resource === 'return') {
    return { id: hcPartId(order, step), order: { id: order.id }, status: step.partStatus, refund: { amount: money } }
  }
  if (step.event === 'payment.refunded') {
    return { id: `re_${happening.eventId.slice(4)}`, order_id: order.id, amount: money, status: 'succeeded' }
  }
  const customer = { email: order.email, language: order.language }
  return { id: order.id, number: order.number, status: step.status, total: money, customer }
}

/** HC's own id of the fulfilment or the return. */
export function hcPartId(order: PlannedOrder, step: Step): string {
  return `${step.part}_${order.id.slice(4)}`
}
