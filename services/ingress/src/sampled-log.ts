import type { Log } from '@hookline/service'

const ONE_LINE_EACH_MS = 1_000

/** `code`: one of a fixed set, and the line's `code` field. */
export type SampledLog = (code: string, fields: object) => void

/** At most one line a second for each code, with how many were left out before it: a flood must not fill the disk. */
export function sampledLog(log: Log, now: () => number): SampledLog {
  const seen = new Map<string, { nextAt: number; suppressed: number }>()
  return (code, fields) => {
    const at = now()
    const last = seen.get(code)
    if (last !== undefined && at < last.nextAt) {
      last.suppressed += 1
      return
    }
    seen.set(code, { nextAt: at + ONE_LINE_EACH_MS, suppressed: 0 })
    log.warn({ code, ...fields, suppressed: last?.suppressed ?? 0 }, 'webhook not accepted')
  }
}
