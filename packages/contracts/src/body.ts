import type { WebhookEvent } from './webhook-event.ts'

type Fields = Readonly<Record<string, unknown>>

/**
 * What Points sends. Every field that was sent is kept; a documented field that is not of the documented type is
 * absent here (it stays in `event.body`), so that an odd total never stops a warehouse.
 */
export interface PointsBody extends Fields {
  readonly event: string
  readonly timestamp: string
  readonly order: PointsOrder
}

export interface PointsOrder extends Fields {
  readonly id: string
  readonly reference_number?: string | null
  readonly order_number?: string | null
  readonly type?: string | null
  readonly total_price?: number | string | null
  readonly total_points?: number | string | null
  readonly payment_status?: string | null
  readonly order_status?: string | null
  readonly metadata?: Fields | null
  readonly created_at?: string | null
  readonly updated_at?: string | null
  readonly reason?: string | null
  readonly status?: string | null
  readonly status_label?: Fields | string | null
}

export interface HcBody extends Fields {
  readonly id: string
  readonly type: string
  readonly created_at: string
  readonly store_id?: string | null
  readonly data: HcData
}

/** An order, a refund, a fulfilment or a return. */
export interface HcData extends Fields {
  readonly id?: string | null
  readonly order_id?: string | null
  readonly order?: Fields | null
  readonly status?: string | null
  readonly email?: string | null
  readonly customer?: Fields | null
}

export function parsePointsBody(_event: Pick<WebhookEvent, 'body'>): PointsBody {
  throw new Error('not written yet')
}

export function parseHcBody(_event: Pick<WebhookEvent, 'body'>): HcBody {
  throw new Error('not written yet')
}

/** By the event's source; a source other than the two gives its fields as they are. */
export function parseBody(_event: Pick<WebhookEvent, 'source' | 'body'>): PointsBody | HcBody | Fields {
  throw new Error('not written yet')
}
