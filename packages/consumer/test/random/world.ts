import { type Random, seeded, type VirtualTime, virtualTime } from '@hookline/testkit'
import { nothingSeen, type Seen } from './seen.ts'
import type { Variant } from './variants.ts'

/** What everything of one schedule shares. */
export interface World {
  readonly variant: Variant
  readonly random: Random
  readonly time: VirtualTime
  readonly seen: Seen
  readonly violations: Violation[]
  /** Whether troubles still happen. */
  troubled: boolean
  /** The whole database is away until then. Virtual milliseconds. */
  downUntilMs: number
  /** What kills its worker, as `killerOf` names it. */
  readonly killers: Set<string>
  violated(guarantee: string, detail: string): void
  note(line: () => string): void
}

export interface Violation {
  guarantee: string
  detail: string
}

/** `order`: the order record's key. */
export function killerOf(order: string, { event, version }: { event: string; version: string }): string {
  return `${order} ${event} ${version}`
}

export const LEASE_MS = 4_000
/** How far a process's idea of the server's clock may be off, to either side. */
export const CLOCK_ERROR_MS = 20

export function createWorld(seed: number, variant: Variant, log?: string[]): World {
  const time = virtualTime()
  const startMs = time.nowMs()
  const violations: Violation[] = []
  const note = (line: () => string) => void log?.push(`${time.nowMs() - startMs} ${line()}`)
  return {
    variant,
    random: seeded(seed),
    time,
    seen: nothingSeen(),
    violations,
    troubled: true,
    downUntilMs: 0,
    killers: new Set(),
    violated(guarantee, detail) {
      violations.push({ guarantee, detail })
      note(() => `VIOLATED ${guarantee}: ${detail}`)
    },
    note,
  }
}
