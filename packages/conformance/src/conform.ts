import { CHECK_NAMES, type CheckName } from './checks/check-names.ts'
import { reference } from './checks/expected.ts'
import { findingsOf, type Verdict } from './checks/verdict.ts'
import { type Declared, declaredService, type Elsewhere } from './declared.ts'
import { handledCycles } from './events/handled-cycles.ts'
import { judgeReset, duplicatesAgain, resetOffsets } from './phases/again.ts'
import { crash, CRASH_ENV } from './phases/crash.ts'
import { learn } from './phases/learn.ts'
import { mixed } from './phases/mixed.ts'
import { quiet } from './phases/quiet.ts'
import { rebalance } from './phases/rebalance.ts'
import { slowHandler } from './phases/slow-handler.ts'
import { hasKit } from './stage/kit.ts'
import { openStage } from './stage/stage.ts'
import { requestsOf, type Suite } from './suite.ts'

export interface ConformOptions {
  /** Only these checks; all of them where absent. */
  readonly only?: readonly CheckName[]
  /** One line for who waits. */
  readonly onProgress?: (line: string) => void
  /** Shows what the service's processes, Kafka and MongoDB write, on stderr. */
  readonly verbose?: boolean
  readonly signal?: AbortSignal
  /** How long the slow target takes. Default 10,000 ms; more than lease and session together say that a process is dead. */
  readonly slowMs?: number
  /** How long nothing may happen before what is missing counts as lost, where the service has not the kit. Default 10,000 ms. */
  readonly patienceMs?: number
}

/** What came of a run. */
export interface Conformity {
  readonly service: string
  /** Whether nothing failed. */
  readonly conforms: boolean
  /** Whether the service is built with the kit: then more is looked at. */
  readonly kit: boolean
  readonly verdicts: readonly Verdict[]
  /** How many requests its targets got. */
  readonly requests: number
  readonly tookMs: number
  /** Why the run could not go on, where it did not come to its end: then what was not looked at has failed. */
  readonly ended?: string
}

/** The request time-out of the second process is above the slow target's time. */
const PATIENT_MS = 5_000

/**
 * Runs a service as real processes on a Kafka and a MongoDB of its own, serves its targets, and checks what they are asked for.
 * `service` is a name of `services/<name>`, or a program and its declaration. Rejects with `UsageError` where there is none, and
 * with an `Error` where it does not run or asks for nothing.
 */
export async function conform(service: string | Elsewhere, options: ConformOptions = {}): Promise<Conformity> {
  const startedMs = performance.now()
  const declared = await declaredService(service)
  const checks = CHECK_NAMES.filter(name => options.only?.includes(name) ?? true)
  const { onProgress: progress = () => {}, verbose = false, signal = new AbortController().signal } = options
  const stage = await openStage({ declared, verbose, signal, progress })
  try {
    const suite = suiteOf(declared, { stage, checks, progress, signal, ...options })
    const ended = await endOf(suite)
    const verdicts = suite.findings.verdicts()
    return {
      service: declared.name,
      conforms: verdicts.every(({ outcome }) => outcome !== 'failed'),
      kit: suite.kit.present,
      verdicts,
      requests: requestsOf(suite).length,
      tookMs: performance.now() - startedMs,
      ...(ended !== undefined && { ended }),
    }
  } finally {
    await stage.close()
  }
}

/** Runs it; why it did not come to its end, where it did not. Rejects where nothing was checked. */
async function endOf(suite: Suite): Promise<string | undefined> {
  try {
    await run(suite)
    return undefined
  } catch (error) {
    suite.signal.throwIfAborted()
    // a service that asks for nothing was not checked at all
    if (suite.references.length === 0) throw error
    return error instanceof Error ? error.message : String(error)
  }
}

/** Three processes one after another: the second joins the first, the third begins with old offsets. */
async function run(suite: Suite): Promise<void> {
  const { instances } = suite.stage
  const patient = { REQUEST_TIMEOUT_MS: `${suite.slowMs + PATIENT_MS}` }
  const first = await instances.start({ members: 1 })
  suite.kit.present = await hasKit(first)
  await learn(suite)
  const scenarios = await mixed(suite)
  if (!suite.isAsked('duplicates', 'rebalance', 'slow-handler', 'offset-reset', 'crash')) return

  let second = first
  if (suite.isAsked('rebalance')) second = await rebalance(suite, first, patient)
  else {
    await first.stop()
    second = await instances.start({ env: patient, members: 1 })
  }
  if (suite.isAsked('duplicates')) await duplicatesAgain(suite, scenarios)
  if (suite.isAsked('slow-handler')) await slowHandler(suite, second)
  if (!suite.isAsked('offset-reset', 'crash')) return

  await quiet(suite)
  await second.stop()
  const before = requestsOf(suite).length
  if (suite.isAsked('offset-reset')) await resetOffsets(suite)
  const third = await instances.start({ env: CRASH_ENV, members: 1 })
  if (suite.isAsked('offset-reset')) await judgeReset(suite, before)
  if (suite.isAsked('crash')) await crash(suite, third)
}

interface SuiteParts extends Omit<ConformOptions, 'signal'>, Pick<Suite, 'stage' | 'progress' | 'signal'> {
  readonly checks: readonly CheckName[]
}

function suiteOf(declared: Declared, { checks, stage, progress, signal, ...times }: SuiteParts): Suite {
  return {
    declared,
    cycles: handledCycles(declared.consumer),
    reference: reference(),
    references: [],
    stage,
    findings: findingsOf(checks),
    kit: { present: false },
    signal,
    progress,
    isAsked: (...names) => names.some(name => checks.includes(name)),
    orders: [],
    publishedMs: new Map(),
    patienceMs: times.patienceMs ?? 10_000,
    slowMs: times.slowMs ?? 10_000,
  }
}
