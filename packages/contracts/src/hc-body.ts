import { type Static, Type } from 'typebox'
import type { JsonObject } from './path.ts'

const text = Type.Optional(Type.Union([Type.String(), Type.Null()]))
const object = Type.Optional(Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Null()]))

/** A field of which the sender's pages do not tell the type: as it was sent. */
const asSent = (description: string) => Type.Optional(Type.Unknown({ description: `as sent: ${description}` }))

const ofAll = {
  id: Type.Optional(Type.Union([Type.String(), Type.Number(), Type.Null()], { description: "the subject's own id" })),
  order_id: text,
  order: object,
  status: text,
  email: text,
  customer: object,
}

/** What a mail to the customer says, whatever of the order it is about. */
const ofAnOrder = {
  number: asSent("the order's number, the merchant's own"),
  order_number: asSent("the order's number, where `number` is not it"),
  language: asSent("the customer's language, such as `ar`"),
  locale: asSent("the customer's locale, such as `ar-SA`"),
}

const money = {
  payment_status: asSent("the order's"),
  subtotal: asSent('an amount of money'),
  discount_total: asSent('an amount of money'),
  shipping_total: asSent('an amount of money'),
  tax_total: asSent('an amount of money'),
  total: asSent('an amount of money'),
  refunded_total: asSent('an amount of money'),
  amount: asSent('the money that moved'),
  points: asSent('loyalty points'),
}

/** The order; with `payment.completed` and `payment.failed` the payment or the error is in it as well. */
export const HcOrder = Type.Object({
  ...ofAll,
  ...ofAnOrder,
  ...money,
  type: asSent('the kind of order'),
  reference_number: asSent("another system's number of it"),
  metadata: asSent("the merchant's own data"),
  lines: asSent('what was ordered'),
  shipping_address: asSent('where to'),
  shipping_method_name: asSent('how'),
})
export type HcOrder = Static<typeof HcOrder> & JsonObject

/** A refund: `id` is its own, `order_id` or `order.id` the order's. */
export const HcRefund = Type.Object({ ...ofAll, ...ofAnOrder, ...money, reason: asSent('why') })
export type HcRefund = Static<typeof HcRefund> & JsonObject

/** A fulfilment: `id` is its own, `order_id` or `order.id` the order's. */
export const HcFulfillment = Type.Object({
  ...ofAll,
  ...ofAnOrder,
  tracking_number: asSent("the carrier's number of the shipment"),
  tracking_url: asSent('where the customer can follow it'),
  tracking_company: asSent('who carries it'),
  carrier: asSent('who carries it'),
  lines: asSent('what is in it'),
})
export type HcFulfillment = Static<typeof HcFulfillment> & JsonObject

/** A return: `id` is its own, `order_id` or `order.id` the order's. */
export const HcReturn = Type.Object({
  ...ofAll,
  ...ofAnOrder,
  ...money,
  refund: asSent('the refund that it led to, with its `amount`'),
  return_type: asSent('the kind of return'),
  reason: asSent('why'),
  reason_category: asSent('why, in a word'),
  lines: asSent('what comes back'),
})
export type HcReturn = Static<typeof HcReturn> & JsonObject

/** Anything else: a product, a stock level, a customer, or the subject of an event that nobody has described. */
export const HcOther = Type.Object(ofAll)
export type HcOther = Static<typeof HcOther> & JsonObject

/** What Headless Commerce sends; `data` is one of the above. */
export const HcBody = Type.Object({
  id: Type.String({ description: 'the id of the event' }),
  type: Type.String(),
  created_at: Type.String(),
  store_id: text,
  data: Type.Object({}),
})
