import { type Step, STEPS } from '@hookline/consumer/loop'
import { CONSUMERS, type ConsumerName } from '../../src/demo/judged.ts'

/** `effect_sent`: a request is written to its target, its answer is not read. */
export type CrashPoint = Step | 'effect_sent'

const CRASH_POINTS: readonly CrashPoint[] = STEPS.flatMap((step): readonly CrashPoint[] =>
  step === 'effect_begun' ? [step, 'effect_sent'] : [step],
)

/** These services keep nothing of an order, and have no transaction: they never come there. */
const NEVER: Readonly<Record<ConsumerName, readonly CrashPoint[]>> = {
  'erp-sync': ['progress_stored'],
  email: [],
  wms: ['progress_stored'],
}

/** Where a process surely holds the lease of an order. */
const HOLDS_A_LEASE: ReadonlySet<CrashPoint> = new Set<CrashPoint>([
  'effect_begun',
  'effect_sent',
  'effect_ended',
  'progress_stored',
  'facts_stored',
  'settling',
  'renewed',
])

/** Come to hundreds of times a minute: the process is hit at the first, the second or the third of them. */
const FREQUENT: ReadonlySet<CrashPoint> = new Set<CrashPoint>([
  'orders_read',
  'accepted',
  'claimed',
  'committed',
  'effect_begun',
  'effect_sent',
  'effect_ended',
  'facts_stored',
  'released',
])

export function pointsOf(service: ConsumerName): readonly CrashPoint[] {
  return CRASH_POINTS.filter(point => !NEVER[service].includes(point))
}

/** Every point of every service, as a test is told of them. */
export function allPoints(): readonly (readonly [service: ConsumerName, point: CrashPoint])[] {
  return CONSUMERS.flatMap(service => pointsOf(service).map(point => [service, point] as const))
}

export function holdsLease(point: CrashPoint): boolean {
  return HOLDS_A_LEASE.has(point)
}

/** At which coming to the point a process is hit. */
export function comingTo(point: CrashPoint): number {
  return FREQUENT.has(point) ? 1 + Math.floor(3 * Math.random()) : 1
}
