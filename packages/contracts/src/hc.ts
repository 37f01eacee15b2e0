import type { EventRule, SourceCatalogue } from './source-catalogue.ts'

const SECOND_MS = 1_000
const DAY_MS = 86_400_000

const order = {
  resource: 'order',
  subject: 'order',
  carries: ['snapshot'],
  mayRepeat: false,
  prerequisite: 'requires',
  terminal: 'never',
  orderIdAt: [['data', 'id']],
  withoutOrderId: 'refuse',
  // above `order.created`, so that what makes an order known is never the newest of two in one instant
  rank: { implied: 5, plus: 0 },
} as const satisfies EventRule

// The documentation does not show where these name their order. The id of a refund is never taken for an order's.
const ofAnOrder = {
  ...order,
  subject: 'other',
  mayRepeat: true,
  orderIdAt: [
    ['data', 'order_id'],
    ['data', 'order', 'id'],
  ],
  withoutOrderId: 'quarantine',
} as const satisfies EventRule

const refund = { ...ofAnOrder, subject: 'refund' } as const
const fulfillment = { ...ofAnOrder, subject: 'fulfillment' } as const
const returned = { ...ofAnOrder, subject: 'return' } as const

const otherResource = {
  ...order,
  resource: 'other',
  subject: 'other',
  mayRepeat: true,
  prerequisite: 'none',
  withoutOrderId: 'quarantine',
  rank: { implied: 0, plus: 0 },
} as const satisfies EventRule

/** Keeps the type of the rule: the types of events are made of it. */
function ranked<Rule extends EventRule>(rule: Rule, implied: number): Omit<Rule, 'rank'> & Pick<EventRule, 'rank'> {
  return { ...rule, rank: { implied, plus: 0 } }
}

/** Headless Commerce, as its public documentation describes it. */
export const hc = {
  source: 'hc',
  topic: 'hc.webhook',
  secretHeader: 'x-webhook-signature',
  senderTimeoutMs: 30 * SECOND_MS,
  // not documented; the sender gives up on an endpoint long before
  retryHorizonMs: 3 * DAY_MS,
  eventAt: ['type'],
  timeAt: ['created_at'],
  storeAt: ['store_id'],
  subjectAt: ['data'],
  occurrence: { from: 'event_id', at: ['id'] },
  stableFields: ['created_at', 'id', 'type'],
  events: {
    'order.created': { ...ranked(order, 0), prerequisite: 'creates' },
    'order.confirmed': ranked(order, 10),
    'order.paid': { ...ranked(order, 20), carries: ['snapshot', 'fact'] },
    'order.completed': ranked(order, 60),
    'order.cancelled': { ...ranked(order, 80), terminal: 'always' },
    'payment.failed': { ...ranked(order, 15), mayRepeat: true },
    'payment.completed': { ...ranked(order, 20), carries: ['snapshot', 'fact'] },
    'payment.refunded': { ...ranked(refund, 70), carries: ['fact'] },
    'fulfillment.created': ranked(fulfillment, 30),
    'fulfillment.shipped': ranked(fulfillment, 40),
    'fulfillment.delivered': ranked(fulfillment, 50),
    'return.requested': ranked(returned, 65),
    'return.completed': { ...ranked(returned, 66), carries: ['snapshot', 'fact'] },
  },
  families: [
    { prefix: 'order.', rule: order },
    { prefix: 'fulfillment.', rule: fulfillment },
    { prefix: 'return.', rule: returned },
    { prefix: 'product.', rule: otherResource },
    { prefix: 'inventory.', rule: otherResource },
    { prefix: 'customer.', rule: otherResource },
  ],
  unknown: ofAnOrder,
} as const satisfies SourceCatalogue
