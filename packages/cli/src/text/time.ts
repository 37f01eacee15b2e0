const UNITS = [
  { name: 's', ms: 1_000, upTo: 90 },
  { name: 'min', ms: 60_000, upTo: 90 },
  { name: 'h', ms: 3_600_000, upTo: 36 },
  { name: 'd', ms: 86_400_000, upTo: Number.POSITIVE_INFINITY },
] as const

/** `2026-01-01 10:00:00`, in UTC; milliseconds only where there are any. */
export function utc(iso: string): string {
  return new Date(iso)
    .toISOString()
    .replace('T', ' ')
    .replace(/(\.000)?Z$/, '')
}

/** `2026-01-01 10:00:00`, in UTC, whatever its milliseconds. */
export function toTheSecond(iso: string): string {
  return utc(iso).slice(0, 19)
}

/** `2026-01-01 10:00:00 UTC (in 12 s)`. `now`: ISO-8601 too. */
export function when(iso: string, now: string): string {
  return `${toTheSecond(iso)} UTC (${relative(Date.parse(iso) - Date.parse(now))})`
}

function relative(ms: number): string {
  const away = Math.abs(ms)
  const unit = UNITS.find(({ ms: unitMs, upTo }) => away < upTo * unitMs) ?? UNITS[3]
  const count = Math.round(away / unit.ms)
  if (count === 0) return 'now'
  return ms > 0 ? `in ${count} ${unit.name}` : `${count} ${unit.name} ago`
}
