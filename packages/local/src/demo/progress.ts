/** What a person sees while the demo runs. */
export interface Snapshot {
  readonly requests: number
  readonly deliveries: { readonly done: number; readonly all: number }
  readonly acked: number
  readonly refused: number
  /** Requests a second, of late. */
  readonly perSecond: number
  readonly services: readonly ServiceGauges[]
  /** What is going on. */
  readonly now: string
}

export interface ServiceGauges {
  readonly name: string
  readonly pid: number
  /** Records in Kafka that its group has not passed yet; undefined while Kafka does not say. */
  readonly lag: number | undefined
  /** Events in its inbox that are not finished. */
  readonly open: number | undefined
  /** Requests that its target has seen. */
  readonly seen: number
}

export interface Progress {
  /** One thing that happened; it stays to be read. */
  note(text: string): void
  show(snapshot: Snapshot): void
  /** Nothing is updated any more. */
  close(): void
}

/** `(seconds since the start) text` lines, for a log or a pipe; the figures every few seconds. */
export function plainProgress(write: (line: string) => void, everyMs = 3_000): Progress {
  const seconds = stopwatch()
  let shownAt = -Infinity
  return {
    note: text => write(`${seconds()}  ${text}`),
    show(snapshot) {
      const now = performance.now()
      if (now - shownAt < everyMs) return
      shownAt = now
      write(`${seconds()}  ${oneLine(snapshot)}`)
    },
    close() {},
  }
}

/** Counts from here: `  12.3 s`. */
export function stopwatch(): () => string {
  const began = performance.now()
  return () => `${((performance.now() - began) / 1_000).toFixed(1).padStart(6)} s`
}

function oneLine({ deliveries, acked, refused, perSecond, services, now }: Snapshot): string {
  const parts = [
    `sent ${deliveries.done}/${deliveries.all}, acked ${acked}, refused ${refused}, ${Math.round(perSecond)}/s`,
    ...services.map(({ name, lag, open, seen }) => `${name} lag ${lag ?? '?'} open ${open ?? '?'} target ${seen}`),
    now,
  ]
  return parts.join('; ')
}
