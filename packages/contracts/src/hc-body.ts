import { type Static, Type } from 'typebox'
import type { JsonObject } from './path.ts'

const text = Type.Optional(Type.Union([Type.String(), Type.Null()]))
const object = Type.Optional(Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Null()]))

/** An order, a refund, a fulfilment or a return. Nothing is certain; other fields than these are kept as well. */
export const HcData = Type.Object({
  id: Type.Optional(Type.Union([Type.String(), Type.Number(), Type.Null()])),
  order_id: text,
  order: object,
  status: text,
  email: text,
  customer: object,
})
export type HcData = Static<typeof HcData> & JsonObject

/** What Headless Commerce sends. */
export const HcBody = Type.Object({
  id: Type.String({ description: 'the id of the event' }),
  type: Type.String(),
  created_at: Type.String(),
  store_id: text,
  data: HcData,
})
export type HcBody = Static<typeof HcBody> & { readonly data: HcData } & JsonObject
