import { type HandledEvent, Permanent } from '@hookline/consumer'
import { parseHcBody, parsePointsBody } from '@hookline/contracts'

/** RFC 5321's limit of a path, without its angle brackets. */
const MAX_LENGTH = 254

// One plain address. Quoted local parts and display names are not what a shop has in `metadata.email`, and each of
// them is a way to write a second address.
const ADDRESS = /^[^\s\p{C}@<>()[\]\\,;:"]+@[^\s\p{C}@<>()[\]\\,;:"]+$/u

/**
 * The customer's address, undefined where the event has none. Throws `Permanent` for what is not exactly one address;
 * the message does not say what it was.
 */
export function recipientOf(event: HandledEvent): string | undefined {
  const sent = addressesOf(event).find(value => value !== undefined && value !== null && value !== '')
  if (sent === undefined) return undefined
  if (typeof sent !== 'string') throw new Permanent('the recipient is not a text')
  // not `trim`: a line break is refused wherever it is
  const address = sent.replaceAll(/^ +| +$/g, '')
  if (address === '') return undefined
  if (address.length > MAX_LENGTH || !ADDRESS.test(address)) throw new Permanent('the recipient is not one address')
  return address
}

/** Points sends no address of its own: the merchant's metadata has it. */
function addressesOf(event: HandledEvent): readonly unknown[] {
  if (event.source === 'points') return [parsePointsBody(event).order.metadata?.email]
  const { customer, email } = parseHcBody(event).data
  return [customer?.email, email]
}
