import type { HandledEvent } from './effect.ts'

const MAX_LENGTH = 128

/**
 * The fulfilment, refund or return that an event is about: the sender's own id of it, up to 128 characters. `default` where
 * there is only one: an event that carries the order (all of Points), and one that names none. Empty where the id is longer
 * or no Unicode text: `httpPath` refuses it.
 */
export function partOf({ order, subject }: Pick<HandledEvent, 'order' | 'subject'>): string {
  if (order !== undefined) return 'default'
  const { id } = subject
  const text = typeof id === 'string' || typeof id === 'number' ? `${id}` : ''
  if (text === '') return 'default'
  return text.length <= MAX_LENGTH && text.isWellFormed() ? text : ''
}
