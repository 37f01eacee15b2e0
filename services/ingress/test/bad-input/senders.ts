import { MAX_BODY_BYTES } from '../../src/limits.ts'
import { declaredSources } from '../../src/sources/declared-sources.ts'
import type { SourceDeclaration } from '../../src/sources/source.ts'
import type { SourceValues } from '../../src/sources/variables.ts'
import { bytesOf, hcBody, HC_SECRET, pointsBody, POINTS_SECRET, signatureOf } from '../requests.ts'
import type { Request } from '../requests.ts'
import { secretOf, standardHeaders } from '../schemes.ts'
import { shop, shopBody } from '../shop.ts'

type Fields = Readonly<Record<string, unknown>>

/** What differs between senders, so that one table serves all of them. */
export interface Sender {
  readonly source: string
  readonly secret: string
  /** A secret of its own that is valid as well; one that was; one that will be. */
  readonly previous: string
  readonly ended: string
  readonly next: string
  readonly body: (over?: Fields) => string
  /** The root field that holds the event's name, its time, and the object with the order's id. */
  readonly fields: { readonly event: string; readonly time: string; readonly order: string; readonly orderId: string }
  readonly order: (over?: Fields) => Fields
  readonly credential: (body: Buffer, secret: string) => Readonly<Record<string, string>>
}

/** A request of this sender as it should be, but for what `request` says. */
export function post(sender: Sender, request: Request = {}, secret = sender.secret): Buffer {
  const body = Buffer.from(request.body ?? sender.body())
  const headers = { 'content-type': 'application/json', ...sender.credential(body, secret), ...request.headers }
  return bytesOf({ path: `/webhooks/${sender.source}`, ...request, body, headers })
}

function secretsFrom(seed: number) {
  return { previous: secretOf(seed), ended: secretOf(seed + 1), next: secretOf(seed + 2) }
}

const ofPoints: Sender = {
  source: 'points',
  secret: POINTS_SECRET,
  ...secretsFrom(10),
  body: pointsBody,
  fields: { event: 'event', time: 'timestamp', order: 'order', orderId: 'id' },
  order: over => ({ order: { id: '5c8bd9ab-9a0d-4d3c-8d3e-6d3d1fb9a001', order_status: 'approved', ...over } }),
  credential: (_body, secret) => ({ 'x-webhook-secret': secret }),
}

const ofHc: Sender = {
  source: 'hc',
  secret: HC_SECRET,
  ...secretsFrom(20),
  body: hcBody,
  fields: { event: 'type', time: 'created_at', order: 'data', orderId: 'id' },
  order: over => ({ data: { id: 'ord_1', ...over } }),
  credential: (body, secret) => ({ 'x-webhook-signature': signatureOf(body, secret) }),
}

const ofShop: Sender = {
  source: 'side-shop',
  secret: secretOf(1),
  ...secretsFrom(30),
  body: over => shopBody(over).toString(),
  fields: { event: 'kind', time: 'at', order: 'payload', orderId: 'order_id' },
  order: over => ({ payload: { order_id: 'so-1', ...over } }),
  credential(body, secret) {
    const pairs = standardHeaders(body, [secret])
    return Object.fromEntries([0, 2, 4].map(at => [pairs[at] ?? '', pairs[at + 1] ?? '']))
  },
}

export const SENDERS: readonly Sender[] = [ofPoints, ofHc, ofShop]

/** The sources of these senders; the third one takes bodies as large as the others here. */
export const DECLARED: readonly SourceDeclaration[] = [
  ...declaredSources,
  { ...shop, limits: { maxBodyBytes: MAX_BODY_BYTES } },
]

/** The environment that gives each sender its four secrets, and its store where it has one. */
export const VALUES: SourceValues & Record<string, string> = {
  HC_STORE_ID: 'store_1',
  SIDE_SHOP_STORE_ID: 'riyadh',
  ...Object.fromEntries(SENDERS.map(sender => [variableOf(sender), entriesOf(sender)])),
}

function variableOf({ source }: Sender): string {
  return `${source.toUpperCase().replaceAll('-', '_')}_WEBHOOK_SECRETS`
}

function entriesOf({ secret, previous, ended, next }: Sender): string {
  return JSON.stringify([
    { id: 'env', secret },
    { id: 'previous', secret: previous, not_after: '2200-01-01T00:00:00Z' },
    { id: 'ended', secret: ended, not_after: '2026-01-01T00:00:00Z' },
    { id: 'next', secret: next, not_before: '2200-01-01T00:00:00Z' },
  ])
}
