import type { Target } from './expectations.ts'
import type { EffectCase } from './evidence.ts'
import { type Finding, type FindingKind, nameOf } from './findings.ts'
import type { LedgerEntry } from './ledgers.ts'

/** A consumer that the demo killed. */
export interface Kill {
  readonly target: Target
  /** Milliseconds since 1970. */
  readonly atMs: number
}

/** An answer that came this long before a kill may not have been written down: the lease is as long. */
const UNWRITTEN_MS = 10_000

/**
 * What a killed process had sent may reach a busy target only this much later: in a demo on a loaded machine five requests
 * did. Its replacement is started after a second.
 */
const STILL_ON_ITS_WAY_MS = 1_000

/** Nothing executed twice, nothing asked again that was answered, and what is asked again is the same request. */
export function checkRequests(cases: readonly EffectCase[], kills: readonly Kill[]): Finding[] {
  return [...cases.flatMap(one => checkCase(one, kills)), ...factsExecutedTwice(cases)]
}

function checkCase(one: EffectCase, kills: readonly Kill[]): Finding[] {
  const { requests, expectation } = one
  const findings: Finding[] = []
  const executed = requests.filter(({ executed }) => executed)
  // a mail server drops no repeated key: there an excused repeat is a second execution of the same mail
  if (expectation.target !== 'mail' && executed.length > 1)
    findings.push(finding('executed twice', one, executed.length))
  const again = repeats(one).filter(repeat => !isExcused(repeat, one.expectation.target, kills))
  if (again.length > 0) findings.push(finding('requested again', one, requests.length))
  if (new Set(requests.map(sameness)).size > 1) findings.push(finding('changed on retry', one, requests.length))
  return findings
}

function factsExecutedTwice(cases: readonly EffectCase[]): Finding[] {
  const facts = cases.filter(({ expectation }) => expectation.fact !== undefined)
  const groups = Map.groupBy(facts, ({ event, expectation }) => `${event.order.id} ${expectation.fact}`)
  return [...groups.values()].flatMap(group => {
    const executed = group.filter(({ requests }) => requests.some(entry => entry.executed))
    return executed.length > 1 && executed[0] ? [finding('executed twice', executed[0], executed.length)] : []
  })
}

function finding(kind: FindingKind, { event, expectation }: EffectCase, times: number): Finding {
  const { target, effect } = expectation
  return { kind, order: event.order, target, seen: `${effect}: ${nameOf(event)}, ${times} times` }
}

/** A request, and the one before it that the target had answered well. */
interface Repeat {
  readonly answered: LedgerEntry
  readonly again: LedgerEntry
}

function repeats({ requests }: EffectCase): readonly Repeat[] {
  return requests.flatMap((again, n) => {
    const answered = requests.slice(0, n).findLast(isAnswered)
    return answered ? [{ answered, again }] : []
  })
}

/** The service was killed before it could write down that it was done: replaying the same request, once, is right. */
function isExcused({ answered, again }: Repeat, target: Target, kills: readonly Kill[]): boolean {
  return kills.some(kill => {
    const goneMs = kill.atMs + STILL_ON_ITS_WAY_MS
    const before = Date.parse(answered.arrived_at) <= goneMs
    const fresh = Date.parse(answered.at) > kill.atMs - UNWRITTEN_MS
    return kill.target === target && before && fresh && Date.parse(again.arrived_at) > goneMs
  })
}

/** How many requests were repeated, for good reason, after an answer that was lost or never written down. */
export function replaysOf(one: EffectCase): number {
  const answered = one.requests.findIndex(entry => isAnswered(entry) || entry.fault === 'drop-answer')
  return answered === -1 ? 0 : one.requests.length - answered - 1
}

/** How many requests were refused or cut off and had to be made again. */
export function failuresOf(one: EffectCase): number {
  return one.requests.filter(entry => !isAnswered(entry)).length
}

function isAnswered({ status, fault }: LedgerEntry): boolean {
  return status >= 200 && status < 300 && fault !== 'drop-answer'
}

function sameness({ key, body_digest }: LedgerEntry): string {
  return `${key} ${body_digest ?? ''}`
}
