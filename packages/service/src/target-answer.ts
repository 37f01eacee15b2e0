const KEPT_BYTES = 1_024
const ADDRESS = /[^\s"'<>(),;:=]+@[^\s"'<>(),;:]+/g

/** The first kilobyte of what a target said, for people: no mail addresses, no control characters. */
export function readableAnswer(answer: Buffer | string): string {
  const text = Buffer.from(answer).subarray(0, KEPT_BYTES).toString('utf8')
  return text
    .replace(ADDRESS, '<address>')
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
}

/** A target's slip of a unit must not park an order for months. */
const LONGEST_MS = 3_600_000

/**
 * `Retry-After` (seconds or an HTTP date) in milliseconds from `now`, at most an hour; undefined where it says neither.
 * Source: RFC 9110, section 10.2.3.
 */
export function retryAfterMs(value: string | undefined, now: number): number | undefined {
  const text = value?.trim() ?? ''
  if (/^\d{1,9}(\.\d+)?$/.test(text)) return Math.min(LONGEST_MS, Math.ceil(Number(text) * 1_000))
  // Date.parse alone takes almost anything, such as '-5' for the year 2001.
  const at = /^[A-Z][a-z]{2}/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) ? undefined : Math.min(LONGEST_MS, Math.max(0, at - now))
}
