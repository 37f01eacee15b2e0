/** Keeps to a number of events in a second; the first may go at once. */
export interface Pace {
  /** Milliseconds until more may go. */
  dueInMs(): number
  /** So many went just now. */
  spend(events: number): void
}

export function pace(perSecond: number, monotonicMs: () => number = () => performance.now()): Pace {
  let dueAtMs = monotonicMs()
  return {
    dueInMs: () => Math.max(0, dueAtMs - monotonicMs()),
    spend(events) {
      // from now, not from when it was due: what was late is not made up for by a burst
      dueAtMs = monotonicMs() + (events * 1_000) / perSecond
    },
  }
}
