import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Stage } from '../stage.ts'
import type { FromLoad, LoadPlan, Sample, SenderSecret, ToLoad } from './plan.ts'

/** What of a stage it needs. */
type LoadStage = Pick<Stage, 'onClose'> & { readonly session: { readonly signal: AbortSignal } }

/** A process that makes load, one plan after another. */
export interface LoadProcess {
  run(plan: LoadPlan): Load
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
  await told()
  return {
    run(plan) {
      const done = told().then(message => (message.kind === 'done' ? message.samples : []))
      // seen by who awaits it, perhaps later
      done.catch(() => {})
      tell({ kind: 'start', plan })
      return { use: secrets => tell({ kind: 'use', secrets }), done }
    },
  }
}
