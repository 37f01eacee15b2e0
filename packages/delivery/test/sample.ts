import type {
  DeadEntry,
  DeadReason,
  DeliveryPolicy,
  Entry,
  Floor,
  LaneEffect,
  LaneOutcomes,
  OrderRecord,
  Outcome,
  RunEnd,
  Step,
} from '../src/index.ts'

export const NOW = 1_000_000
export const TOKEN = 'token-1'
export const NEXT_TOKEN = 'token-2'

export const POLICY: DeliveryPolicy = {
  leaseMs: 30_000,
  backOff: { minMs: 1_000, maxMs: 300_000 },
  deadAfterMs: 86_400_000,
  outageBackOffMaxMs: 30_000,
  maxLostLeases: 5,
  parkMaxMs: 86_400_000,
  onParkExpired: 'run',
  laneCap: 1_000,
}

/** Policy `latest`, `latest` for a part, `every`. */
export const LATEST: LaneEffect = { name: 'order', floor: 'order' }
export const PART: LaneEffect = { name: 'shipping', floor: 'shipping/f1' }
export const EVERY: LaneEffect = { name: 'entry' }

/** Without jitter a back-off is half of its full length. */
export function step(changed: Partial<Omit<Step, 'policy'>> & { policy?: Partial<DeliveryPolicy> } = {}): Step {
  return { token: TOKEN, now: NOW, jitter: 0, ...changed, policy: { ...POLICY, ...changed.policy } }
}

/** The end of what ran under `TOKEN`. */
export function end(changed: Parameters<typeof step>[0] & { last?: boolean } = {}): RunEnd {
  const { last, ...rest } = changed
  return { ...step({ token: NEXT_TOKEN, ...rest }), ranUnder: TOKEN, ...(last && { last }) }
}

/** The event at second `n`: id `e<n>`, one `latest` effect. */
export function entry(n: number, changed: Partial<Entry> = {}): Entry {
  return {
    id: `e${n}`,
    event: 'updated',
    version: version(n),
    last_webhook_at: at(n),
    creating: false,
    effects: [LATEST],
    tries: 0,
    lost_leases: 0,
    since: NOW,
    ...changed,
  }
}

export function dead(n: number, reason: DeadReason, changed: Partial<DeadEntry> = {}): DeadEntry {
  return { ...entry(n), reason, dead_at: NOW - 1, ...changed }
}

/** A known order that nobody works on. */
export function order(changed: Partial<OrderRecord> = {}): OrderRecord {
  return { rev: 7, known: true, last_webhook_at: '', floors: {}, lane: [], dead: [], ...changed }
}

/** An order that `TOKEN` works on: all of the lane is begun. `planned` only where given. */
export function owned(lane: readonly Entry[], changed: Partial<OrderRecord> = {}): OrderRecord {
  return order({
    owner: TOKEN,
    wake_at: NOW + POLICY.leaseMs,
    lane: lane.map(entry => ({ ...entry, begun: true as const })),
    ...changed,
  })
}

export function floor(n: number, changed: Partial<Floor> = {}): Floor {
  return { version: version(n), last_webhook_at: at(n), ...changed }
}

export function version(n: number): string {
  return String(n).padStart(6, '0')
}

export function at(n: number): string {
  return new Date(n * 1000).toISOString()
}

/** By entry id, by effect name. */
export function outcomes(by: Record<string, Record<string, Outcome>>): LaneOutcomes {
  return new Map(Object.entries(by).map(([id, effects]) => [id, new Map(Object.entries(effects))]))
}

export const DONE = { kind: 'done' } satisfies Outcome
export const STALE = { kind: 'stale' } satisfies Outcome
export const RETRY = { kind: 'retry', message: 'status 503' } satisfies Outcome
export const UNKNOWN = { kind: 'unknown', message: 'no answer' } satisfies Outcome
export const OUTAGE = { kind: 'outage', message: 'refused' } satisfies Outcome
export const PERMANENT = { kind: 'permanent', reason: 'permanent', message: 'status 422' } satisfies Outcome
export const AFTER_TERMINAL = {
  kind: 'permanent',
  reason: 'after_terminal',
  message: 'after a terminal event',
} satisfies Outcome

export function ids(entries: readonly Entry[] | undefined): readonly string[] {
  return (entries ?? []).map(({ id }) => id)
}
