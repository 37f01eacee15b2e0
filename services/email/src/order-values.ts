import type { CatalogueEvent } from '@hookline/consumer'
import type { Values } from './render.ts'

/**
 * What the mails say of an order. HC's amounts are left out: its pages do not say whether they are in minor units, and
 * a mail with a hundredfold total is worse than one with none.
 */
export function orderValues(event: CatalogueEvent): Values {
  if (event.source === 'points') {
    const { order_number, total_price, total_points } = event.order
    return { number: first([order_number, event.order_id]), total: first([total_price]), points: first([total_points]) }
  }
  const { number, order_number, order } = event.subject
  return { number: first([number, order_number, order?.number, event.order_id]) }
}

/** The first that is a number or a text, as a text. */
function first(candidates: readonly unknown[]): string | undefined {
  return candidates.map(asText).find(text => text !== '')
}

function asText(value: unknown): string {
  return typeof value === 'number' || typeof value === 'string' ? String(value) : ''
}
