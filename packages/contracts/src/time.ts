const EXTENDED =
  /^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d{1,13}))?(?:Z|([+-])(\d\d):?([0-5]\d))$/

const EARLIEST_MS = Date.UTC(2000, 0, 1)
// thirteen digits: what a version has room for, until the year 2286
const LATEST_MS = 9_999_999_999_999
const MINUTE_MS = 60_000
const WEST_MINUTES = 12 * 60
const EAST_MINUTES = 14 * 60
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** An event's time may be this far ahead of our clock. */
export const MAX_AHEAD_MS = 5 * MINUTE_MS

/** One instant: milliseconds since 1970, and the ten digits that follow the millisecond. */
export interface Instant {
  readonly ms: number
  readonly sub: string
}

/**
 * Strict: `YYYY-MM-DDTHH:MM:SS`, at most 13 digits of fraction, then `Z`, `+HH:MM` or `+HHMM`. Nothing that needs a
 * guess: no missing zone, no leap second, no 24:00:00, no 30 February, nothing before 2000 or after 2286.
 */
export function parseInstant(text: unknown): Instant | undefined {
  if (typeof text !== 'string') return undefined
  const parts = EXTENDED.exec(text)
  if (!parts) return undefined
  const [, year, month, day, hour, minute, second, fraction = '', sign, zoneHour, zoneMinute] = parts
  if (!isDate(Number(year), Number(month), Number(day))) return undefined

  const zone = sign === undefined ? 0 : Number(zoneHour) * 60 + Number(zoneMinute)
  if (zone > (sign === '-' ? WEST_MINUTES : EAST_MINUTES)) return undefined
  const local = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second))
  const ms = local - (sign === '-' ? -zone : zone) * MINUTE_MS + Number(fraction.slice(0, 3).padEnd(3, '0'))
  if (ms < EARLIEST_MS || ms > LATEST_MS) return undefined
  return { ms, sub: fraction.slice(3).padEnd(10, '0') }
}

/** Milliseconds since 1970 of a text that names exactly one instant from 2000 on, see `parseInstant`; else undefined. */
export function parseTime(text: unknown): number | undefined {
  return parseInstant(text)?.ms
}

function isDate(year: number, month: number, day: number): boolean {
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  return day >= 1 && day <= (DAYS[month - 1] ?? 0) + (leap ? 1 : 0)
}
