import type { ParsedEvent } from './event-of.ts'

/** Whether all of the order's money went back, as far as its sender says: Points does, in the order's status. */
export function isFullRefund({ source, order }: Pick<ParsedEvent, 'source' | 'order'>): boolean {
  return source === 'points' && order?.order_status === 'fully_refunded'
}
