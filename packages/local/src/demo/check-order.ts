import type { EffectCase } from './evidence.ts'
import { type Finding, nameOf } from './findings.ts'
import { isAfterTerminal, isExecuted, isSuperseded, isToldAlready, type Thread } from './threads.ts'

/** Newest wins: nothing older after something newer, nothing left out but what is superseded, nothing released again. */
export function checkThread(thread: Thread): Finding[] {
  return [...wentBack(thread), ...releasedAfterTerminal(thread), ...leftOut(thread)]
}

function wentBack(thread: Thread): Finding[] {
  // the first execution counts: mails that are repeated after a kill are repeated in order, from the older one on
  const executed = thread
    .flatMap(one =>
      one.requests
        .filter(({ executed }) => executed)
        .slice(0, 1)
        .map(({ n }) => ({ n, one })),
    )
    .sort((a, b) => a.n - b.n)
  const findings: Finding[] = []
  let newest: EffectCase | undefined
  for (const { one } of executed) {
    if (newest && one.event.age < newest.event.age) findings.push(backwards(one, newest))
    else newest = one
  }
  return findings
}

function backwards(older: EffectCase, newer: EffectCase): Finding {
  const { target, effect } = older.expectation
  const released = newer.expectation.terminal && !older.expectation.terminal
  return {
    kind: released ? 'released after terminal' : 'went back',
    order: older.event.order,
    target,
    seen: `${effect}: ${nameOf(older.event)} was executed after ${nameOf(newer.event)}`,
  }
}

function releasedAfterTerminal(thread: Thread): Finding[] {
  const released = thread.filter(one => isAfterTerminal(one, thread) && isExecuted(one))
  return released.map(({ event, expectation: { target, effect } }) => ({
    kind: 'released after terminal',
    order: event.order,
    target,
    seen: `${effect}: ${nameOf(event)} was executed although the order had ended`,
  }))
}

function leftOut(thread: Thread): Finding[] {
  const lost = thread.filter(one => {
    if (!one.delivered.acked || one.expectation.silent || isExecuted(one)) return false
    return !isAfterTerminal(one, thread) && !isSuperseded(one, thread) && !isToldAlready(one, thread)
  })
  return lost.map(lostCase)
}

/** Every fact once, however late. */
export function checkFacts(cases: readonly EffectCase[]): Finding[] {
  const facts = cases.filter(({ expectation }) => expectation.policy === 'every')
  const groups = Map.groupBy(facts, ({ event, expectation: { fact, target, effect } }) => {
    return `${event.order.id} ${target} ${effect} ${fact ?? event.age}`
  })
  return [...groups.values()].flatMap(group => {
    const acked = group.find(({ delivered }) => delivered.acked)
    return acked && !group.some(isExecuted) ? [lostCase(acked)] : []
  })
}

function lostCase({ event, expectation: { target, effect } }: EffectCase): Finding {
  return { kind: 'lost', order: event.order, target, seen: `${effect}: ${nameOf(event)} was acked, not executed` }
}
