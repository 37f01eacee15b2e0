import { type CatalogueEvent, type Effect, effect } from '@hookline/consumer'
import { type HttpTarget, httpPath } from '@hookline/service'
import { snapshotOf } from '../snapshot.ts'

type Kind = 'settlement' | 'captured' | 'paid' | 'refunded' | 'auto_refunded' | 'returned'

const POINTS: Readonly<Record<string, Kind>> = {
  approved: 'settlement',
  captured: 'captured',
  refunded: 'refunded',
  auto_refunded: 'auto_refunded',
}

const HC: Readonly<Record<string, Kind>> = {
  'payment.completed': 'paid',
  'order.paid': 'paid',
  'payment.refunded': 'refunded',
  'return.completed': 'returned',
}

// A merchant may be sent both `payment.completed` and `order.paid`: the ledger gets one `paid`.
const ONCE_PER_ORDER: readonly (Kind | undefined)[] = ['settlement', 'paid']

/** Money that moved: each fact is one line of the ERP's ledger, however late it comes. */
export function entry(erp: HttpTarget): Effect {
  return effect({
    name: 'entry',
    policy: 'every',
    on: { points: Object.keys(POINTS), hc: Object.keys(HC) },
    onceFor: event => {
      const kind = kindOf(event)
      return ONCE_PER_ORDER.includes(kind) ? kind : undefined
    },
    handler: async (event, context) => {
      await erp.post(httpPath`/orders/${event.order_id}/entries`, entryBody(event), context)
    },
  })
}

function kindOf(event: CatalogueEvent): Kind | undefined {
  return (event.source === 'points' ? POINTS : HC)[event.event]
}

function entryBody(event: CatalogueEvent): object {
  const { source, order_id, version, last_webhook_at } = event
  const { status, payment_status, totals, points } = snapshotOf(event)
  const { amount, reference } = moneyOf(event)
  return {
    source,
    order_id,
    event: event.event,
    kind: kindOf(event),
    amount,
    reference,
    occurred_at: last_webhook_at,
    status,
    payment_status,
    totals,
    points,
    version,
  }
}

/** `reference`: the sender's own id of the refund or the return. */
function moneyOf(event: CatalogueEvent): { amount?: unknown; reference?: unknown } {
  if (event.source === 'points') {
    const settled = event.event === 'approved' || event.event === 'captured'
    // Points sends no amount with a refund: the entry has the order's status and totals after it.
    return settled ? { amount: event.order.total_price } : {}
  }
  const { amount, total, refund, id } = event.subject
  if (kindOf(event) === 'paid') return { amount: amount ?? total }
  return { amount: amount ?? amountOf(refund), reference: id }
}

/** A return has its amount in the refund that it led to. */
function amountOf(refund: unknown): unknown {
  return typeof refund === 'object' && refund !== null && 'amount' in refund ? refund.amount : undefined
}
