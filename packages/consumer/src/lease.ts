import type { OrderKey, Orders, ServerClock } from './ports.ts'
import { reached } from './steps.ts'

/** The time-limited right to work on one order, judged by this process's monotonic clock. */
export interface Lease {
  readonly key: OrderKey
  readonly token: string
  /** Aborts when the lease is not surely held any longer. */
  readonly signal: AbortSignal
  surelyHeld(): boolean
  /**
   * Runs what writes the order record in a transaction: not renewed meanwhile, as each renewal is a write that comes between,
   * and what takes longer than a third of the lease would begin anew for ever.
   */
  undisturbed<T>(run: () => Promise<T>): Promise<T>
  /** Renews at once what is not fresh. Rejects when the database does not answer. */
  refresh(): Promise<void>
}

/** Leases of this process: renewed while they are kept, aborted when they cannot be held. */
export interface Leases {
  /** `claimedAtMs`: monotonic, from BEFORE the claim was sent. */
  hold(key: OrderKey, token: string, claimedAtMs: number): Lease
  /** It is about to be released, or it is lost: not renewed any more. */
  letGo(lease: Lease): void
  /** Aborts what is not surely held, and begins to renew what is past a third of its time. */
  tend(): void
  /** Resolves once there is something to tend, or never will be. */
  some(): Promise<void>
  abortAll(): void
  /** How long the oldest of what was not let go is kept, also where it is lost by now; 0 where there is none. */
  oldestMs(): number
}

interface Held extends Lease {
  untilMs: number
  renewed: boolean
  abort(reason: string): void
}

/** So much of a lease is left at least when a transaction begins. */
const FRESH = 7 / 8

export function leases(ports: {
  orders: Pick<Orders, 'read' | 'renew'>
  clock: ServerClock
  monotonicMs: () => number
  leaseMs: number
  onLost: (lease: Lease) => void
  onFailure: (error: unknown) => void
}): Leases {
  const { orders, clock, monotonicMs, leaseMs } = ports
  const held = new Map<Lease, Held>()
  /** Since when, the oldest first. A lost lease stays until its handler ends: a handler that hangs is to be seen. */
  const keptSinceMs = new Map<Lease, number>()
  let renewing = false
  let ended = false
  let first = Promise.withResolvers<void>()
  // Another instance's clock may be ahead by its error, ours behind by ours; and an abort comes a tick late.
  const marginMs = () => leaseMs / 8 + 2 * clock.errorMs()

  async function renew(token: string, group: readonly Held[]): Promise<void> {
    const sentAtMs = monotonicMs()
    const keys = group.map(lease => lease.key)
    const renewed = await orders.renew(keys, token, clock.now() + leaseMs)
    reached('renewed')
    const stillOurs = (keep: Held[]) => {
      for (const lease of keep) lease.untilMs = sentAtMs + leaseMs
    }
    if (renewed === keys.length) return stillOurs([...group])
    const records = await orders.read(keys)
    stillOurs(group.filter(lease => records.get(lease.key)?.owner === token))
    for (const lease of group) {
      if (records.get(lease.key)?.owner !== token && held.has(lease)) lease.abort('the claim was taken over')
    }
  }

  return {
    hold(key, token, claimedAtMs) {
      const controller = new AbortController()
      const lease: Held = {
        key,
        token,
        signal: controller.signal,
        untilMs: claimedAtMs + leaseMs,
        renewed: true,
        surelyHeld: () => !controller.signal.aborted && monotonicMs() < lease.untilMs - marginMs(),
        async undisturbed(run) {
          lease.renewed = false
          try {
            return await run()
          } finally {
            lease.renewed = true
          }
        },
        async refresh() {
          if (lease.untilMs - monotonicMs() < leaseMs * FRESH) await renew(token, [lease])
        },
        abort(reason) {
          held.delete(lease)
          ports.onLost(lease)
          controller.abort(new Error(reason))
        },
      }
      held.set(lease, lease)
      first.resolve()
      keptSinceMs.set(lease, monotonicMs())
      return lease
    },
    letGo(lease) {
      held.delete(lease)
      keptSinceMs.delete(lease)
    },
    tend() {
      for (const lease of held.values()) if (!lease.surelyHeld()) lease.abort('the lease ran out')
      if (renewing) return // a database that hangs must not keep the next look from aborting
      const due = [...held.values()].filter(
        ({ renewed, untilMs }) => renewed && untilMs - monotonicMs() < (leaseMs * 2) / 3,
      )
      if (due.length === 0) return
      renewing = true
      const groups = Map.groupBy(due, lease => lease.token)
      void Promise.all([...groups].map(([token, group]) => renew(token, group)))
        .catch(ports.onFailure)
        .finally(() => {
          renewing = false
        })
    },
    async some() {
      if (held.size > 0 || ended) return
      first = Promise.withResolvers()
      await first.promise
    },
    abortAll() {
      ended = true
      first.resolve()
      for (const lease of held.values()) lease.abort('the service ends')
    },
    oldestMs() {
      const [sinceMs] = keptSinceMs.values()
      return sinceMs === undefined ? 0 : monotonicMs() - sinceMs
    },
  }
}
