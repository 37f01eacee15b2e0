import { Permanent } from '@hookline/consumer'

/** `/orders/{order_id}/…`, every segment encoded. Throws `Permanent` for an id that no path can hold. */
export function orderPath(...segments: readonly [orderId: string, ...rest: string[]]): string {
  return `/orders/${segments.map(encode).join('/')}`
}

function encode(segment: string): string {
  // URL parsers resolve the two dots, encoded or not: the request would be about another resource
  if (['', '.', '..'].includes(segment)) throw new Permanent('an id of the event cannot be in a path')
  return encodeURIComponent(segment)
}
