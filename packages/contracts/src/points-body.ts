import { type Static, Type } from 'typebox'
import type { JsonObject } from './path.ts'

const text = Type.Optional(Type.Union([Type.String(), Type.Null()]))

/** The order as Points sends it. Only `id` is certain; other fields than these are kept as well. */
export const PointsOrder = Type.Object({
  id: Type.String({ description: 'a UUID' }),
  reference_number: text,
  order_number: text,
  type: Type.Optional(Type.Union([Type.String(), Type.Null()], { description: '`earning` or `replacing`' })),
  total_price: Type.Optional(Type.Unknown({ description: 'as sent; documented as a number, SAR' })),
  total_points: Type.Optional(Type.Unknown({ description: 'as sent; documented as a number' })),
  payment_status: text,
  order_status: text,
  metadata: Type.Optional(
    Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Null()], { description: "the merchant's own data" }),
  ),
  created_at: text,
  updated_at: text,
  reason: Type.Optional(Type.Union([Type.String(), Type.Null()], { description: 'with `cancelled`, where given' })),
  status: Type.Optional(Type.Union([Type.String(), Type.Null()], { description: 'with `shipping_status_updated`' })),
  status_label: Type.Optional(
    Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.String(), Type.Null()], {
      description: 'with `shipping_status_updated`, in Arabic and English',
    }),
  ),
})
export type PointsOrder = Static<typeof PointsOrder> & JsonObject

/** What Points sends; `order` is the above. */
export const PointsBody = Type.Object({ event: Type.String(), timestamp: Type.String(), order: Type.Object({}) })
