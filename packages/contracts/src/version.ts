import type { Instant } from './time.ts'

/** What `formatVersion` makes. */
export const VERSION = /^(\d{13})\.\d{10}\.\d{2}\.[0-9a-f]{16}$/

/**
 * K, the order of one order's events, sortable as text: the event's own time in milliseconds, what the source sends
 * below a millisecond, the rank in the life cycle (0 to 99), and 16 hex characters of the event's digest, which decide
 * where all else is equal.
 */
export function formatVersion(at: Instant, rank: number, digest: string): string {
  return `${String(at.ms).padStart(13, '0')}.${at.sub}.${String(rank).padStart(2, '0')}.${digest.slice(0, 16)}`
}

/** Milliseconds since 1970 of a version's first part; undefined where the text is no version. */
export function timeOfVersion(version: string): number | undefined {
  const parts = VERSION.exec(version)
  return parts ? Number(parts[1]) : undefined
}
