import type { SourceCatalogue } from '@hookline/contracts'
import type { SourceDeclaration } from '../src/sources/source.ts'
import { standardWebhooks } from '../src/verifiers/standard-webhooks.ts'
import { TOLERANCE_MS } from './schemes.ts'

const rule = {
  resource: 'order',
  subject: 'order',
  carries: ['snapshot'],
  mayRepeat: false,
  prerequisite: 'none',
  terminal: 'never',
  orderIdAt: [['payload', 'order_id']],
  withoutOrderId: 'refuse',
  rank: { implied: 10, plus: 0 },
} as const

/** A shop that nobody has: it sends Standard Webhooks. */
const catalogue: SourceCatalogue = {
  source: 'side-shop',
  topic: 'side-shop.webhook',
  secretHeader: 'webhook-signature',
  senderTimeoutMs: 15_000,
  retryHorizonMs: 86_400_000,
  eventAt: ['kind'],
  timeAt: ['at'],
  storeAt: ['branch'],
  subjectAt: ['payload'],
  occurrence: { from: 'event_id', at: ['id'] },
  stableFields: ['id', 'kind', 'at', 'payload'],
  events: { placed: rule },
  families: [],
  unknown: rule,
}

/** All that a third sender needs. */
export const shop: SourceDeclaration = {
  catalogue,
  scheme: standardWebhooks({ toleranceMs: TOLERANCE_MS }),
  limits: { maxBodyBytes: 4_096 },
}

export function shopBody(over: Readonly<Record<string, unknown>> = {}): Buffer {
  const at = '2026-03-01T10:00:00Z'
  return Buffer.from(
    JSON.stringify({ id: 'ev_1', kind: 'placed', at, branch: 'riyadh', payload: { order_id: 'so-1' }, ...over }),
  )
}
