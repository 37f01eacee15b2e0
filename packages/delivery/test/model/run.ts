import type { Protocol } from './protocol.ts'
import { runSchedule } from './schedule.ts'
import { COUNTERS, nothingSeen, type Seen } from './seen.ts'
import { type Variant, VARIANTS } from './variants.ts'

/** The first schedule that violates a guarantee. */
export interface Finding {
  seed: number
  variant: Variant
  guarantee: string
  /** What was violated, how to run it again, and the end of its trace. */
  report: string
}

interface Run {
  schedules: number
  firstSeed: number
  /** Otherwise the production functions. */
  protocol?: Protocol
  /** Otherwise all of them. */
  variants?: readonly Variant[]
}

const TRACE_LINES = 60

/**
 * Schedules in turn under every one of the variants, seeds from `firstSeed` on, until one violates a guarantee. Returns what
 * all of them ran into.
 */
export function runSchedules(what: Run): { finding: Finding | undefined; seen: Seen; schedules: number } {
  const seen = nothingSeen()
  const variants = what.variants ?? VARIANTS
  for (let run = 0; run < what.schedules; run++) {
    const seed = what.firstSeed + Math.floor(run / variants.length)
    const variant = variants[run % variants.length] as Variant
    const result = runSchedule(seed, variant, what)
    for (const counter of COUNTERS) seen[counter] += result.seen[counter]
    const [first] = result.violations
    if (!first) continue
    const report = [
      `violated: ${first.guarantee} (${first.detail}), seed ${seed}, ${variant.name}`,
      ...trace(seed, variant, what).slice(-TRACE_LINES),
    ].join('\n')
    return { finding: { seed, variant, guarantee: first.guarantee, report }, seen, schedules: run + 1 }
  }
  return { finding: undefined, seen, schedules: what.schedules }
}

/** The same schedule once more, told line by line: ticks, then what happened. */
export function trace(seed: number, variant: Variant, { protocol }: { protocol?: Protocol } = {}): readonly string[] {
  const log: string[] = []
  runSchedule(seed, variant, { log, ...(protocol && { protocol }) })
  return log
}
