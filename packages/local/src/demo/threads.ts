import type { EffectCase } from './evidence.ts'

/**
 * One effect of one order, or of one fulfilment or return of it: what the rule "newest wins" is about. Its cases, the
 * oldest first.
 */
export type Thread = readonly EffectCase[]

const PER_PART: readonly string[] = ['shipping', 'return']

/** The threads of all effects of policy `latest`. */
export function threadsOf(cases: readonly EffectCase[]): readonly Thread[] {
  const latest = cases.filter(({ expectation }) => expectation.policy === 'latest')
  const groups = Map.groupBy(latest, ({ event, expectation: { target, effect } }) => {
    const part = PER_PART.includes(effect) ? event.part : ''
    return `${event.order.id} ${target} ${effect} ${part}`
  })
  return [...groups.values()].map(thread => thread.toSorted((a, b) => a.event.age - b.event.age))
}

/** Newer than an event that stops the goods or the mails: it waits for a person and is not executed by itself. */
export function isAfterTerminal(one: EffectCase, thread: Thread): boolean {
  if (one.expectation.terminal) return false
  return thread.some(({ event, expectation, delivered }) => {
    return expectation.terminal === true && delivered.acked && event.age < one.event.age
  })
}

/** The case that the thread must end with. */
export function newestOf(thread: Thread): EffectCase | undefined {
  return thread.findLast(one => one.delivered.acked && !isAfterTerminal(one, thread) && !isToldAlready(one, thread))
}

/** Another event of the thread was executed for the same fact, which happens once. */
export function isToldAlready(one: EffectCase, thread: Thread): boolean {
  const { fact } = one.expectation
  if (fact === undefined || isExecuted(one)) return false
  return thread.some(other => other.expectation.fact === fact && isExecuted(other))
}

/** A newer one of the thread was executed, or asks nothing of the target: this one is skipped as stale. */
export function isSuperseded(one: EffectCase, thread: Thread): boolean {
  return thread.some(newer => {
    if (newer.event.age <= one.event.age || isAfterTerminal(newer, thread)) return false
    return newer.expectation.silent ? newer.delivered.acked : isExecuted(newer)
  })
}

export function isExecuted({ requests }: EffectCase): boolean {
  return requests.some(({ executed }) => executed)
}
