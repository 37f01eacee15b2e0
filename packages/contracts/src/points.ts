import type { EventRule, SourceCatalogue } from './source-catalogue.ts'

const SECOND_MS = 1_000
const HOUR_MS = 3_600_000

const once = {
  resource: 'order',
  subject: 'order',
  carries: ['snapshot'],
  mayRepeat: false,
  prerequisite: 'none',
  terminal: 'never',
  orderIdAt: [['order', 'id']],
  withoutOrderId: 'refuse',
  rank: { implied: 0, plus: 0 },
} as const satisfies EventRule

/** Points, as its public documentation describes it. It sends the whole order with every event, so nothing waits. */
export const points = {
  source: 'points',
  topic: 'points.webhook',
  secretHeader: 'x-webhook-secret',
  eventHeader: 'x-webhook-event',
  senderTimeoutMs: 10 * SECOND_MS,
  // three attempts; their spacing is not documented
  retryHorizonMs: 24 * HOUR_MS,
  eventAt: ['event'],
  timeAt: ['timestamp'],
  subjectAt: ['order'],
  occurrence: { from: 'digest' },
  stableFields: ['event', 'order', 'timestamp'],
  statusRank: {
    at: ['order', 'order_status'],
    ranks: {
      new: 0,
      authorized: 10,
      captured: 20,
      approved: 30,
      partially_refunded: 50,
      cancelled: 60,
      fully_refunded: 70,
    },
  },
  events: {
    authorized: { ...once, rank: { implied: 10, plus: 0 } },
    captured: { ...once, carries: ['snapshot', 'fact'], rank: { implied: 20, plus: 0 } },
    approved: { ...once, rank: { implied: 30, plus: 0 } },
    completed: { ...once, rank: { implied: 40, plus: 6 } },
    cancelled: { ...once, terminal: 'always', rank: { implied: 60, plus: 0 } },
    refunded: {
      ...once,
      carries: ['snapshot', 'fact'],
      mayRepeat: true,
      terminal: 'full_refund',
      rank: { implied: 50, plus: 0 },
    },
    auto_refunded: {
      ...once,
      carries: ['snapshot', 'fact'],
      terminal: 'always',
      rank: { implied: 70, plus: 7 },
    },
    shipping_status_updated: { ...once, mayRepeat: true, rank: { implied: 0, plus: 5 } },
  },
  families: [],
  unknown: { ...once, mayRepeat: true },
} as const satisfies SourceCatalogue
