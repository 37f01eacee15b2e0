import { chooseLimits, type Limits } from './limits.ts'
import { type Random, seeded } from '@hookline/testkit'
import { nothingSeen, type Seen } from './seen.ts'
import type { Variant } from './variants.ts'
import { makeWorkload, type Workload } from './workload.ts'

/** A guarantee that did not hold, and where. */
export interface Violation {
  guarantee: string
  detail: string
}

/** What one schedule's parts share. */
export interface World {
  readonly variant: Variant
  readonly random: Random
  readonly limits: Limits
  readonly workload: Workload
  readonly granted: Granted
  /** Events that killed a process so far. */
  readonly killers: Set<string>
  readonly seen: Seen
  readonly violations: Violation[]
  /** Absent: nobody reads it. */
  readonly log: string[] | undefined
  /** The server's clock, in ticks. */
  now: number
  /** Instances crash and pause, the store and the network fail. */
  faultsOn: boolean
  /** The target fails over some requests. */
  noisy: boolean
}

/** What a person decided. */
interface Granted {
  /** Orders that run although what makes them known never came. */
  readonly withoutPrerequisite: Set<string>
  /** Events that may pass a terminal floor. */
  readonly passTerminal: Set<string>
}

export function createWorld(seed: number, variant: Variant, log: string[] | undefined): World {
  const random = seeded(seed)
  return {
    variant,
    random,
    limits: chooseLimits(random, variant),
    workload: makeWorkload(random, variant),
    granted: { withoutPrerequisite: new Set(), passTerminal: new Set() },
    killers: new Set(),
    seen: nothingSeen(),
    violations: [],
    log,
    now: 0,
    faultsOn: variant.faults !== 'targets',
    noisy: true,
  }
}

const VIOLATIONS_AT_MOST = 6

export function violated(world: World, guarantee: string, detail: string): void {
  note(world, () => `!! violated: ${guarantee}: ${detail}`)
  if (world.violations.length < VIOLATIONS_AT_MOST) world.violations.push({ guarantee, detail })
}

export function note(world: World, line: () => string): void {
  world.log?.push(`${world.now} ${line()}`)
}

/** Whether the target honours keys and order can be asked of it: mail cannot be unsent. */
export function isKeyed(world: World): boolean {
  return world.variant.target !== 'plain'
}

/** Whether the effect is in the service's own database: facts are not. */
export function isOwn(world: World, { floor }: { floor?: string }): boolean {
  return world.variant.target === 'own' && floor !== undefined
}
