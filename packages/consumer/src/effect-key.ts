import { createHash } from 'node:crypto'
import { identityOf } from '@hookline/contracts'
import type { Effect, HandledEvent } from './effect.ts'

/**
 * The same for every attempt of one effect of one event, different for any other: a UUID (version 8, made of SHA-256),
 * the form that APIs with an `Idempotency-Key` recommend. Source: RFC 9562, section 5.8.
 */
export function effectKey(consumer: string, effect: Effect, event: HandledEvent): string {
  const once = effect.onceFor?.(event)
  const subject = once === undefined ? identityOf(event) : `${event.source}/${event.order_id} once ${once}`
  const hash = createHash('sha256').update(`${consumer} ${effect.name} ${subject}`).digest()
  hash[6] = (hash.readUInt8(6) & 0x0f) | 0x80
  hash[8] = (hash.readUInt8(8) & 0x3f) | 0x80
  const hex = hash.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-')
}
