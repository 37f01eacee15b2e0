import { fork } from 'node:child_process'
import { join } from 'node:path'
import type { Stage } from '../stage.ts'
import type { FromLoad, LoadPlan, Sample, SenderSecret, ToLoad } from './plan.ts'

/** Load that is under way, made by a process of its own. */
export interface Load {
  /** Which secrets it uses from now on, in turn. */
  use(secrets: readonly SenderSecret[]): void
  /** Requests that were answered. */
  answered(): number
  /** All requests; rejects where the process ended before. */
  readonly done: Promise<readonly Sample[]>
}

export function startLoad({ session, onClose }: Stage, plan: LoadPlan): Load {
  const child = fork(join(import.meta.dirname, 'process.ts'), {
    execArgv: ['--conditions=source'],
    serialization: 'advanced',
    // in a group of its own: Ctrl-C reaches it through us
    detached: true,
  })
  onClose(async () => child.kill('SIGKILL'))
  const tell = (message: ToLoad) => child.send(message)
  let answered = 0
  const done = new Promise<readonly Sample[]>((resolve, reject) => {
    child.on('message', (message: FromLoad) => {
      if (message.kind === 'done') resolve(message.samples)
      else answered = message.answered
    })
    child.once('error', reject)
    child.once('exit', code => reject(new Error(`the process that makes the load ended with ${code}`)))
    session.signal.addEventListener('abort', () => reject(session.signal.reason), { once: true })
  })
  // seen by who awaits it, perhaps later
  done.catch(() => {})
  tell({ kind: 'start', plan })
  return { use: secrets => tell({ kind: 'use', secrets }), answered: () => answered, done }
}
