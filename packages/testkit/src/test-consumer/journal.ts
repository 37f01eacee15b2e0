import type { Counter, EventLine, Step } from '@hookline/consumer/loop'
import type { Call } from './call.ts'

/** An instance that is gone. */
export interface Crash {
  readonly instance: number
  /** Milliseconds since the test began. */
  readonly atMs: number
  /** Where it was, if it was to crash there. */
  readonly step?: Step
}

/** Something that happened, by its time in milliseconds since the test began. `call`: as it stands when it is asked. */
export type Happened = { readonly atMs: number } & ({ readonly text: string } | { readonly call: () => Call })

/** All that happened, as it happened. */
export interface Journal {
  readonly happened: readonly Happened[]
  readonly crashes: readonly Crash[]
  calls(): readonly Call[]
  counted(counter: Counter): number
  /** How the last attempt of each effect of an event ended. */
  effectsOf(event: Pick<EventLine, 'order' | 'event' | 'version'>): Readonly<Record<string, string>>

  tell(text: string): void
  called(call: () => Call): void
  crashed(crash: Omit<Crash, 'atMs'>): void
  count(counter: Counter, by: number): void
  attempted(line: EventLine): void
}

export function newJournal(sinceStartMs: () => number): Journal {
  const happened: Happened[] = []
  const crashes: Crash[] = []
  const calls: (() => Call)[] = []
  const counts = new Map<Counter, number>()
  const effects = new Map<string, Readonly<Record<string, string>>>()
  const keyOf = ({ order, event, version }: Pick<EventLine, 'order' | 'event' | 'version'>) =>
    `${order} ${event} ${version}`
  return {
    happened,
    crashes,
    calls: () => calls.map(call => call()),
    counted: counter => counts.get(counter) ?? 0,
    effectsOf: event => effects.get(keyOf(event)) ?? {},
    tell: text => void happened.push({ atMs: sinceStartMs(), text }),
    called(call) {
      calls.push(call)
      happened.push({ atMs: sinceStartMs(), call })
    },
    crashed: crash => void crashes.push({ ...crash, atMs: sinceStartMs() }),
    count: (counter, by) => void counts.set(counter, (counts.get(counter) ?? 0) + by),
    attempted: line => void effects.set(keyOf(line), { ...effects.get(keyOf(line)), ...line.effects }),
  }
}
