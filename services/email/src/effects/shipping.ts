import { type CatalogueEvent, type Effect, effect, partOf } from '@hookline/consumer'
import type { Mail } from '../mailer.ts'
import { orderValues } from '../order-values.ts'
import { shippingLabelOf } from '../shipping-label.ts'
import { shipping as template } from '../templates/shipping.ts'

/** Tells where each shipment of an order is. Nobody wants "out for delivery" after "delivered". */
export function shipping(mail: Mail): Effect {
  return effect({
    name: 'shipping',
    policy: 'latest',
    on: { points: ['shipping_status_updated'], hc: ['fulfillment.shipped', 'fulfillment.delivered'] },
    part: partOf,
    handler: async (event, context) => {
      if (shippingLabelOf(event, 'en') === undefined) return { note: 'nothing_to_send' }
      return mail(event, context, {
        template,
        values: language => ({
          ...orderValues(event),
          label: shippingLabelOf(event, language),
          tracking: trackingNumberOf(event),
        }),
      })
    },
  })
}

function trackingNumberOf(event: CatalogueEvent): string | undefined {
  const number = event.source === 'hc' ? event.subject.tracking_number : undefined
  return typeof number === 'string' ? number : undefined
}
