const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 }

/** Milliseconds of a duration as Prometheus writes it, in the units that the rules use: `15s`, `5m`, `1h`. */
export function durationMs(text: string): number {
  const [, count, unit = ''] = /^(\d+)([smh])$/.exec(text) ?? []
  const ms = Number(count) * (UNIT_MS[unit] ?? Number.NaN)
  if (Number.isNaN(ms)) throw new Error(`not a duration: ${text}`)
  return ms
}
