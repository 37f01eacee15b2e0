import type { Step } from '../../src/index.ts'
import type { Store } from './store.ts'
import type { Target } from './target.ts'
import { note, type World } from './world.ts'

/** Work that may be interrupted for ever, or for a while, at every yield. */
export type Steps<Result = void> = Generator<undefined, Result, undefined>

/** A process. */
export interface Instance {
  readonly name: string
  /** How far its idea of the server's clock is off. */
  readonly clockErrorMs: number
  pausedUntil: number
  killed: boolean
  loops: Steps[]
}

/** What the steps of an instance use. */
export interface Site {
  readonly world: World
  readonly store: Store
  readonly target: Target
  readonly instance: Instance
  /** A token for every claim. */
  newToken(): string
}

export function clock({ world, instance }: Site): number {
  return world.now + instance.clockErrorMs
}

export function stepNow(site: Site, token: string): Step {
  const { limits, random } = site.world
  return { policy: limits.policy, token, now: clock(site), jitter: random.fraction() }
}

/** A narrow place: sometimes the instance is paused past its lease right here. */
export function gap({ world, instance }: Site): void {
  const { limits, random } = world
  if (!world.faultsOn || limits.gapChance === 0 || !random.chance(limits.gapChance)) return
  instance.pausedUntil = world.now + limits.policy.leaseMs + random.below(limits.policy.leaseMs)
  world.seen.pause++
  note(world, () => `pause ${instance.name} until ${instance.pausedUntil}, in a narrow place`)
}
