import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Stage } from '../stage.ts'
import type { Answers, ClosedPlan, FromLoad, LoadPlan, OpenPlan, Sample, SenderSecret, ToLoad } from './plan.ts'

/** What of a stage it needs. */
type LoadStage = Pick<Stage, 'onClose'> & { readonly session: { readonly signal: AbortSignal } }

/** A process that makes load, one plan after another. */
export interface LoadProcess {
  run(plan: Omit<OpenPlan, 'loop'>): Load
  /** The same, in columns. */
  open(plan: Omit<OpenPlan, 'loop'>): Promise<Answers>
  closed(plan: Omit<ClosedPlan, 'loop'>): Promise<Answers>
}

/** Load that is under way. */
interface Load {
  /** Which secrets it uses from now on, in turn. */
  use(secrets: readonly SenderSecret[]): void
  /** All requests; rejects where the process ended before. */
  readonly done: Promise<readonly Sample[]>
}

/** Starts it, so that its start is in no measurement. */
export async function openLoad({ session, onClose }: LoadStage): Promise<LoadProcess> {
  const child = fork(join(import.meta.dirname, 'process.ts'), {
    execArgv: ['--conditions=source'],
    serialization: 'advanced',
    // in a group of its own: Ctrl-C reaches it through us
    detached: true,
  })
  onClose(async () => child.kill('SIGKILL'))
  const gone = once(child, 'exit').then(([code]) => {
    throw new Error(`the process that makes the load ended with ${code}`)
  })
  // seen by who waits for a message
  gone.catch(() => {})
  async function told(): Promise<FromLoad> {
    const [message]: FromLoad[] = await Promise.race([once(child, 'message', { signal: session.signal }), gone])
    if (message === undefined) throw new Error('a message without a content')
    return message
  }
  const tell = (message: ToLoad) => child.send(message)
  async function answersTo(plan: LoadPlan): Promise<Answers> {
    const done = told()
    tell({ kind: 'start', plan })
    const message = await done
    if (message.kind !== 'done') throw new Error('the process that makes the load is not at its work')
    return message.answers
  }
  await told()
  return {
    run(plan) {
      const done = answersTo({ ...plan, loop: 'open' }).then(answers => samplesOf(answers, plan.ratePerS))
      // seen by who awaits it, perhaps later
      done.catch(() => {})
      return { use: secrets => tell({ kind: 'use', secrets }), done }
    },
    open: plan => answersTo({ ...plan, loop: 'open' }),
    closed: plan => answersTo({ ...plan, loop: 'closed' }),
  }
}

function samplesOf({ status, tookMs, secret, secrets, startedMs }: Answers, ratePerS: number): readonly Sample[] {
  return Array.from(status, (one, n) => ({
    dueMs: startedMs + (n * 1_000) / ratePerS,
    tookMs: tookMs[n] ?? 0,
    status: one,
    secret: secrets[secret[n] ?? 0] ?? '',
  }))
}
