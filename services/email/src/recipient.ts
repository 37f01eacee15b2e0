import { type CatalogueEvent, Permanent } from '@hookline/consumer'

/**
 * What the event has as the customer's address, undefined where it has none. Whether it is one address and no more the
 * mail target checks. Throws `Permanent` for what is no text; the message does not say what it was.
 */
export function recipientOf(event: CatalogueEvent): string | undefined {
  const sent = addressesOf(event).find(value => value !== undefined && value !== null && value !== '')
  if (sent === undefined) return undefined
  if (typeof sent !== 'string') throw new Permanent('the recipient is not a text')
  // not `trim`: a line break is refused wherever it is
  return sent.replaceAll(/^ +| +$/g, '') || undefined
}

/** Points sends no address of its own: the merchant's metadata has it. */
function addressesOf(event: CatalogueEvent): readonly unknown[] {
  if (event.source === 'points') return [event.order.metadata?.email]
  const { customer, email } = event.subject
  return [customer?.email, email]
}
