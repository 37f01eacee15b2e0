import { type Effect, effect, type HandledEvent } from '@hookline/consumer'
import { parseHcBody } from '@hookline/contracts'
import type { Mail } from '../mailer.ts'
import { orderValues } from '../order-values.ts'
import { shippingLabelOf } from '../shipping-label.ts'
import { shipping as template } from '../templates/shipping.ts'

const MAX_PART_LENGTH = 128

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

/** HC's id of the fulfilment; `default` for Points' one shipment an order, and where there is no usable id. */
function partOf(event: HandledEvent): string {
  if (event.source !== 'hc') return 'default'
  const id = `${parseHcBody(event).data.id ?? ''}`
  return id !== '' && id.length <= MAX_PART_LENGTH && id.isWellFormed() ? id : 'default'
}

function trackingNumberOf(event: HandledEvent): string | undefined {
  const number = event.source === 'hc' ? parseHcBody(event).data.tracking_number : undefined
  return typeof number === 'string' ? number : undefined
}
