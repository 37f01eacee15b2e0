import { safeError } from './safe-error.ts'

/** Fields whose value is never written, wherever in a log line they stand. */
const WITHHELD = new Set([
  'x-webhook-secret',
  'x-webhook-signature',
  'webhook-signature',
  'authorization',
  'proxy-authorization',
  'cookie',
  'x-api-key',
  'secret',
  'signature',
  'password',
  'body',
  'raw_body',
  'data',
  'metadata',
  'customer',
  'email',
  'phone',
  'to',
  'from',
  'recipient',
])

const DEEPEST = 8

/**
 * The fields of a log line without what must not be seen: named fields, errors' other properties, bytes. In place of
 * pino's `redact`, which with the wildcards that this needs took 165 µs a line against 2.
 */
export function withhold(fields: Record<string, unknown>): Record<string, unknown> {
  return withholdFields(fields, 0)
}

function withholdFields(fields: Record<string, unknown>, depth: number): Record<string, unknown> {
  // copied only when there is something to change
  let copy: Record<string, unknown> | undefined
  for (const name of Object.keys(fields)) {
    const value = fields[name]
    const shown = value !== undefined && WITHHELD.has(name.toLowerCase()) ? '[withheld]' : withholdValue(value, depth)
    if (shown !== value) (copy ??= { ...fields })[name] = shown
  }
  return copy ?? fields
}

function withholdValue(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Error) return safeError(value)
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
  if (depth >= DEEPEST) return '[too deep]'
  if (Array.isArray(value)) return value.map(one => withholdValue(one, depth + 1))
  return isPlain(value) ? withholdFields(value, depth + 1) : value
}

function isPlain(value: object): value is Record<string, unknown> {
  // what has a toJSON, such as a Date, says itself how it is written
  return !('toJSON' in value)
}
