import type { HandledEvent } from '@hookline/consumer'
import { parseHcBody } from '@hookline/contracts'

const MAX_LENGTH = 128

/**
 * The fulfilment or return that an event is about: HC's own id of it. `default` where there is only one: Points has
 * one shipment an order, and so has an event that names none. Empty where the id cannot be one: `httpPath` refuses it.
 */
export function partOf(event: HandledEvent): string {
  if (event.source !== 'hc') return 'default'
  const id = `${parseHcBody(event).data.id ?? ''}`
  if (id === '') return 'default'
  return id.length <= MAX_LENGTH && id.isWellFormed() ? id : ''
}
