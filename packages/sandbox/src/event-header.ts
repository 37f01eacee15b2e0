/** What a request or mail is for, as its `X-Hookline-Event` says; a field that it does not name is empty. */
export type EventHeader = { source: string; order: string; event: string; effect: string; version: string }

const NAMES = ['source', 'order', 'event', 'effect', 'version'] as const

/**
 * Reads `source=points; order=…; event=…; effect=…; version=…` (values percent-encoded), in any order.
 * Lenient: it never throws, and unknown names are passed over, so that the ledger also shows what a stranger sent.
 */
export function parseEventHeader(value: unknown): EventHeader {
  const header: EventHeader = { source: '', order: '', event: '', effect: '', version: '' }
  if (typeof value !== 'string') return header
  for (const part of value.split(';')) {
    const at = part.indexOf('=')
    if (at < 0) continue
    const name = NAMES.find(known => known === part.slice(0, at).trim())
    if (name) header[name] = decode(part.slice(at + 1).trim())
  }
  return header
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}
