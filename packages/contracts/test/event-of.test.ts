import { describe, expectTypeOf, test } from 'vitest'
import type {
  EventFor,
  EventOf,
  HcFulfillment,
  HcOrder,
  HcOther,
  HcRefund,
  HcReturn,
  JsonObject,
  ParsedEvent,
  PointsOrder,
  WebhookEvent,
} from '../src/index.ts'

describe('an event is typed by its source and name', () => {
  test('of Points it is always about the order', () => {
    expectTypeOf<EventOf<'points', 'approved'>>().toExtend<WebhookEvent>()
    expectTypeOf<EventOf<'points', 'approved'>['source']>().toEqualTypeOf<'points'>()
    expectTypeOf<EventOf<'points', 'approved'>['event']>().toEqualTypeOf<'approved'>()
    expectTypeOf<EventOf<'points', 'approved'>['order']>().toEqualTypeOf<PointsOrder>()
    expectTypeOf<EventOf<'points', 'approved'>['order']['order_number']>().toEqualTypeOf<string | null | undefined>()
    expectTypeOf<EventOf<'points', 'approved'>['order']['a_new_field']>().toEqualTypeOf<unknown>()
    expectTypeOf<EventOf<'points', 'not_in_the_catalogue'>['order']>().toEqualTypeOf<PointsOrder>()
    expectTypeOf<EventOf<'points', '*'>['order']>().toEqualTypeOf<PointsOrder>()
    expectTypeOf<EventOf<'points', '*'>['event']>().toEqualTypeOf<string>()
    expectTypeOf<EventOf<'points', 'approved' | 'refunded'>['event']>().toEqualTypeOf<'approved' | 'refunded'>()
  })

  test('of HC it is about what its name says', () => {
    expectTypeOf<EventOf<'hc', 'order.created'>['order']>().toEqualTypeOf<HcOrder>()
    expectTypeOf<EventOf<'hc', 'payment.failed'>['order']>().toEqualTypeOf<HcOrder>()
    expectTypeOf<EventOf<'hc', 'payment.refunded'>['subject']>().toEqualTypeOf<HcRefund>()
    expectTypeOf<EventOf<'hc', 'payment.refunded'>['order']>().toEqualTypeOf<undefined>()
    expectTypeOf<EventOf<'hc', 'fulfillment.shipped'>['subject']>().toEqualTypeOf<HcFulfillment>()
    expectTypeOf<EventOf<'hc', 'return.requested'>['subject']>().toEqualTypeOf<HcReturn>()
    // named by a family's rule, or by the rule for unknown ones
    expectTypeOf<EventOf<'hc', 'order.archived'>['order']>().toEqualTypeOf<HcOrder>()
    expectTypeOf<EventOf<'hc', 'product.updated'>['subject']>().toEqualTypeOf<HcOther>()
    expectTypeOf<EventOf<'hc', 'dispute.opened'>['subject']>().toEqualTypeOf<HcOther>()
  })

  test('a pattern stands for the names in the catalogue and for the unknown ones', () => {
    expectTypeOf<EventOf<'hc', 'order.*'>['order']>().toEqualTypeOf<HcOrder>()
    expectTypeOf<EventOf<'hc', 'order.*'>['event']>().toEqualTypeOf<`order.${string}`>()
    expectTypeOf<EventOf<'hc', 'fulfillment.*'>['subject']>().toEqualTypeOf<HcFulfillment>()
    expectTypeOf<EventOf<'hc', 'return.*'>['subject']>().toEqualTypeOf<HcReturn>()
    expectTypeOf<EventOf<'hc', 'payment.*'>['subject']>().toEqualTypeOf<HcOrder | HcRefund | HcOther>()
    expectTypeOf<EventOf<'hc', '*'>['subject']>().toEqualTypeOf<
      HcOrder | HcRefund | HcFulfillment | HcReturn | HcOther
    >()
    expectTypeOf<EventOf<'hc', 'dispute.*'>['subject']>().toEqualTypeOf<HcOther>()
    // what is no literal may be any name
    expectTypeOf<EventOf<'hc', string>>().toEqualTypeOf<EventOf<'hc', '*'>>()
  })

  test('of a source in no catalogue the subject is any object', () => {
    expectTypeOf<EventOf<'third-shop', 'sold'>['subject']>().toEqualTypeOf<JsonObject>()
    expectTypeOf<EventOf<'third-shop', 'sold'>['event']>().toEqualTypeOf<'sold'>()
    expectTypeOf<EventOf<'third-shop', 'sale.*'>['event']>().toEqualTypeOf<`sale.${string}`>()
    expectTypeOf<EventOf<string, string>>().toEqualTypeOf<ParsedEvent>()
  })

  test('every such event is an event as it is parsed', () => {
    expectTypeOf<EventOf<'points', '*'>>().toExtend<ParsedEvent>()
    expectTypeOf<EventOf<'hc', '*'>>().toExtend<ParsedEvent>()
    expectTypeOf<EventOf<'third-shop', '*'>>().toExtend<ParsedEvent>()
  })
})

describe('what an effect declares', () => {
  test('is narrowed by source, by name, and by whether it is about the order', () => {
    type On = { readonly points: readonly ['approved']; readonly hc: readonly ['order.*', 'payment.refunded'] }
    const handler = (event: EventFor<On>) => {
      expectTypeOf(event.source).toEqualTypeOf<'points' | 'hc'>()
      if (event.source === 'points') {
        expectTypeOf(event.order).toEqualTypeOf<PointsOrder>()
      } else if (event.event === 'payment.refunded') {
        expectTypeOf(event.subject).toEqualTypeOf<HcRefund>()
        expectTypeOf(event.order).toEqualTypeOf<undefined>()
      } else {
        expectTypeOf(event.order).toEqualTypeOf<HcOrder>()
      }
      if (event.order) expectTypeOf(event.subject).toEqualTypeOf<PointsOrder | HcOrder>()
      else expectTypeOf(event.subject).toEqualTypeOf<HcRefund>()
    }
    expectTypeOf(handler).parameter(0).toExtend<ParsedEvent>()
  })

  test('may be of names that are not literals', () => {
    type On = { readonly points: readonly string[]; readonly hc: readonly 'payment.refunded'[] }
    expectTypeOf<EventFor<On>['source']>().toEqualTypeOf<'points' | 'hc'>()
    expectTypeOf<EventFor<On>['subject']>().toEqualTypeOf<PointsOrder | HcRefund>()
    expectTypeOf<EventFor<Readonly<Record<string, readonly string[]>>>>().toEqualTypeOf<ParsedEvent>()
  })
})
