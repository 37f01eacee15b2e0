import { isParked } from './check-known.ts'
import { failuresOf, replaysOf } from './check-requests.ts'
import { type EffectCase, type Evidence, isAck } from './evidence.ts'
import { TARGETS, type Target } from './expectations.ts'
import type { Finding } from './findings.ts'
import type { Plan } from './plan.ts'
import type { SentRequest } from './sender.ts'
import { isAfterTerminal, isExecuted, isSuperseded, newestOf, type Thread } from './threads.ts'

/** `done` of `all`. */
export interface Share {
  readonly done: number
  readonly all: number
}

/** What the table shows. Counted from requests and ledgers; nothing here is a service's own word. */
export interface Figures {
  readonly orders: number
  readonly events: number
  /** HTTP requests. */
  readonly sent: number
  readonly acked: number
  readonly refused: number
  /** Sent again by the sender, because the first answer was not 2xx. */
  readonly sentAgain: number
  /** Acked requests of an event that was acked before; `done`: those that led to no further request at a target. */
  readonly duplicatesDropped: Share
  readonly targets: Readonly<Record<Target, TargetFigures>>
  /** HC orders of which nothing was done before `order.created`. */
  readonly createdFirst: Share
}

export interface TargetFigures {
  /** Effects that were asked for: executed, of those that must be. */
  readonly doneOnce: Share
  readonly staleSkipped: number
  /** Newer than a terminal event: not executed, waiting for a person. */
  readonly heldForPerson: Share
  /** Acked before their order was known; `done`: executed or superseded later. */
  readonly parkedReleased: Share
  /** Requests that failed and were made again. */
  readonly retried: number
  /** Requests that repeat one that was executed, with the same key or Message-ID, because its answer was lost. */
  readonly replayed: number
  /** Orders that end at their newest state; for mails: of which the last mail of each kind is the newest. */
  readonly newestState: Share
  /** A mail server drops nothing: mails that were repeated after a kill are among them. */
  readonly executedTwice: number
  /** Effects of events that came with a wrong secret only. */
  readonly fromRefused: number
}

interface Material {
  readonly plan: Plan
  readonly sent: readonly SentRequest[]
  readonly evidence: Evidence
  readonly threads: readonly Thread[]
  readonly findings: readonly Finding[]
}

export function figuresOf(material: Material): Figures {
  const { plan, sent, evidence, findings } = material
  const acked = sent.filter(({ status, event }) => event.genuine && isAck(status))
  const duplicates = acked.length - new Set(acked.map(({ event }) => event)).size
  const tooEarly = ordersOf(findings, 'before order.created')
  const known = [...evidence.knownFrom.keys()]
  return {
    orders: plan.orders.length,
    events: plan.events.length,
    sent: sent.length,
    acked: sent.filter(({ status }) => isAck(status)).length,
    refused: sent.filter(({ status }) => status === 401).length,
    sentAgain: sent.filter(({ attempt }) => attempt > 1).length,
    duplicatesDropped: {
      done: Math.max(0, duplicates - findings.filter(({ kind }) => kind === 'requested again').length),
      all: duplicates,
    },
    targets: byTarget(target => targetFigures(target, material)),
    createdFirst: { done: known.filter(id => !tooEarly.has(id)).length, all: known.length },
  }
}

function byTarget<T>(of: (target: Target) => T): Record<Target, T> {
  const [erp, wms, mail] = TARGETS
  return { [erp]: of(erp), [wms]: of(wms), [mail]: of(mail) }
}

function targetFigures(target: Target, { evidence, threads, findings }: Material): TargetFigures {
  const cases = evidence.cases.filter(one => one.expectation.target === target && !one.expectation.silent)
  const own = threads.filter(thread => thread[0]?.expectation.target === target)
  const threadOf = new Map(own.flatMap(thread => thread.map(one => [one, thread] as const)))
  const fate = (one: EffectCase) => fateOf(one, threadOf.get(one), cases)
  const fates = Map.groupBy(
    cases.filter(({ delivered }) => delivered.acked),
    fate,
  )
  const count = (name: Fate) => fates.get(name)?.length ?? 0
  const parked = cases.filter(one => isParked(one, evidence))
  return {
    doneOnce: { done: count('executed'), all: count('executed') + count('missing') },
    staleSkipped: count('superseded'),
    heldForPerson: heldOf(own),
    parkedReleased: { done: parked.filter(one => fate(one) !== 'missing').length, all: parked.length },
    retried: sum(cases.map(failuresOf)),
    replayed: sum(cases.map(replaysOf)),
    newestState: newestState(target, own, findings),
    executedTwice: target === 'mail' ? mailsTwice(cases) : countOf(findings, 'executed twice', target),
    fromRefused: countOf(findings, 'forgery executed', target),
  }
}

function countOf(findings: readonly Finding[], kind: Finding['kind'], target: Target): number {
  return findings.filter(found => found.kind === kind && found.target === target).length
}

function mailsTwice(cases: readonly EffectCase[]): number {
  return cases.filter(({ requests }) => requests.filter(({ executed }) => executed).length > 1).length
}

type Fate = 'executed' | 'same fact' | 'superseded' | 'held' | 'missing'

function fateOf(one: EffectCase, thread: Thread | undefined, cases: readonly EffectCase[]): Fate {
  if (isExecuted(one)) return 'executed'
  if (thread && isAfterTerminal(one, thread)) return 'held'
  if (thread && isSuperseded(one, thread)) return 'superseded'
  const { fact } = one.expectation
  const sameFact = (other: EffectCase) => other.expectation.fact === fact && other.event.order === one.event.order
  if (fact !== undefined && cases.some(other => sameFact(other) && isExecuted(other))) return 'same fact'
  return 'missing'
}

function heldOf(threads: readonly Thread[]): Share {
  const held = threads.flatMap(thread => thread.filter(one => one.delivered.acked && isAfterTerminal(one, thread)))
  return { done: held.filter(one => !isExecuted(one)).length, all: held.length }
}

/** Orders with a thread at this target, less those that a finding names. */
function newestState(target: Target, threads: readonly Thread[], findings: readonly Finding[]): Share {
  const about = threads.filter(thread => newestOf(thread) && !newestOf(thread)?.expectation.silent)
  const orders = new Set(about.flatMap(thread => thread.slice(0, 1).map(({ event }) => event.order.id)))
  const wrong = ordersOf(
    findings.filter(found => found.target === target),
    'not newest',
    'went back',
    'released after terminal',
    'lost',
  )
  return { done: [...orders].filter(id => !wrong.has(id)).length, all: orders.size }
}

function ordersOf(findings: readonly Finding[], ...kinds: readonly Finding['kind'][]): ReadonlySet<string> {
  return new Set(findings.filter(({ kind }) => kinds.includes(kind)).map(({ order }) => order.id))
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0)
}
