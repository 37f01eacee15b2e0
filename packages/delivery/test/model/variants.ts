export interface Variant {
  name: string
  /**
   * `keyed` honours Idempotency-Key; `plain` executes every request that reaches it, as a mail server does; `own` is the
   * service's own database for snapshots, in a transaction with what says that they are done, and keyed for facts.
   */
  target: 'keyed' | 'plain' | 'own'
  /**
   * `all`: crashes, pauses past the lease, lost and late answers, store errors, targets that fail.
   * `targets`: only targets that fail. `poison`: only events that kill their worker.
   */
  faults: 'all' | 'targets' | 'poison'
  effects: 'one' | 'several'
  onParkExpired: 'run' | 'dead'
  /** A bulk tells only how many matched, so that B reads back which of them did. */
  readsBack: boolean
  /** Effects with a floor return something to be kept, mostly. */
  keepsState: boolean
}

const base = {
  target: 'keyed',
  faults: 'all',
  effects: 'several',
  onParkExpired: 'dead',
  readsBack: false,
  keepsState: false,
} as const

/** What every schedule seed runs under. */
export const VARIANTS: readonly Variant[] = [
  { ...base, name: 'keyed target, all faults, several effects' },
  { ...base, name: 'keyed target, all faults, one effect', effects: 'one' },
  { ...base, name: 'plain target, all faults', target: 'plain' },
  { ...base, name: 'plain target, only targets fail: exactly once', target: 'plain', faults: 'targets' },
  { ...base, name: 'poison only: no innocent dies', faults: 'poison' },
  { ...base, name: 'keyed target, all faults, parked too long runs', onParkExpired: 'run' },
  {
    ...base,
    name: 'plain target, only targets fail, parked too long runs',
    target: 'plain',
    faults: 'targets',
    onParkExpired: 'run',
  },
  { ...base, name: 'keyed target, all faults, bulk results read back', readsBack: true },
  {
    ...base,
    name: 'plain target, only targets fail, bulk results read back',
    target: 'plain',
    faults: 'targets',
    readsBack: true,
  },
  { ...base, name: 'keyed target, all faults, effects keep a state', keepsState: true },
  {
    ...base,
    name: 'own database for snapshots, all faults: exactly once without a key',
    target: 'own',
    keepsState: true,
  },
]
