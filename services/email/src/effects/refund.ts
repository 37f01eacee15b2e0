import { type CatalogueEvent, type Effect, effect } from '@hookline/consumer'
import type { Mail } from '../mailer.ts'
import { orderValues } from '../order-values.ts'
import type { Values } from '../render.ts'
import { refund as template } from '../templates/refund.ts'

/** One notice for every refund, partial ones too. */
export function refund(mail: Mail): Effect {
  return effect({
    name: 'refund',
    policy: 'every',
    on: { points: ['refunded', 'auto_refunded'], hc: ['payment.refunded'] },
    handler: (event, context) =>
      mail(event, context, { template, values: () => ({ ...orderValues(event), ...extentOf(event) }) }),
  })
}

/** Only Points says whether a refund is full; neither is set where that is not known. */
function extentOf(event: CatalogueEvent): Values {
  if (event.source !== 'points') return {}
  const { order_status } = event.order
  return { full: order_status === 'fully_refunded', partial: order_status === 'partially_refunded' }
}
