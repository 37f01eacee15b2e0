import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { type Child, type ChildOptions, spawnChild } from './child.ts'
import type { Session } from './session.ts'

const RESTART_AFTER_MS = 1_000
const SHOWN_LINES = 20

export interface ProcessSpec extends ChildOptions {
  /** Resolves when the process can be used; asks until `signal` is aborted. */
  readonly ready: (signal: AbortSignal) => Promise<void>
  /** How long SIGTERM may take before SIGKILL. */
  readonly graceMs: number
}

export interface SupervisedOptions {
  /** Start it again, a second later, when it ends by itself. */
  readonly restart: boolean
  /** Called when a process that was started again is ready. */
  readonly onRestarted?: () => Promise<void>
}

/** A process that is started, watched, started again on the same ports and data, and stopped. */
export interface Supervised {
  readonly name: string
  /** Of the newest process, which may just have ended. */
  readonly pid: number
  /** Sends a signal to the process alone; false when it does not run. */
  kill(signal: NodeJS.Signals): boolean
  /** Stops it in its own time and starts it again; resolves when it is ready. */
  restart(): Promise<void>
  stop(): Promise<void>
}

/** Starts the process and resolves when it is ready; a failed start leaves nothing running. */
export async function supervise(spec: ProcessSpec, session: Session, options: SupervisedOptions): Promise<Supervised> {
  const stopping = new AbortController()
  let child = await startOnce(spec, session, session.signal)
  /** Under way while a new process replaces an old one. */
  let replacing: Promise<void> | undefined
  void watch(child)

  async function watch(watched: Child): Promise<void> {
    const how = await watched.ended
    if (!options.restart || stopping.signal.aborted || replacing !== undefined) return
    session.progress(`${spec.name} ended (${how}): starting it again`)
    await replace(comeBack).catch(() => {}) // it comes back until it is stopped
  }

  function replace(start: () => Promise<Child>): Promise<void> {
    replacing = swap(start)
    return replacing
  }

  async function swap(start: () => Promise<Child>): Promise<void> {
    try {
      child = await start()
    } finally {
      replacing = undefined
    }
    void watch(child)
    await options.onRestarted?.()
  }

  async function comeBack(): Promise<Child> {
    for (;;) {
      await delay(RESTART_AFTER_MS, undefined, { signal: stopping.signal })
      try {
        return await startOnce(spec, session, stopping.signal)
      } catch (error) {
        stopping.signal.throwIfAborted()
        session.progress(`${spec.name} does not come back yet: ${firstLine(error)}`)
      }
    }
  }

  async function startAfresh(): Promise<Child> {
    await child.stop(spec.graceMs)
    return startOnce(spec, session, stopping.signal)
  }

  return {
    name: spec.name,
    get pid() {
      return child.pid
    },
    kill: signal => child.kill(signal),
    async restart() {
      await replacing?.catch(() => {})
      await replace(startAfresh)
    },
    async stop() {
      stopping.abort(new Error(`${spec.name} is being stopped`))
      await replacing?.catch(() => {})
      await child.stop(spec.graceMs)
    },
  }
}

async function startOnce(spec: ProcessSpec, session: Session, signal: AbortSignal): Promise<Child> {
  const child = await spawnChild(spec, session.reaper)
  const gone = new AbortController()
  const notice = async () => gone.abort(new Error(`it ended: ${await child.ended}`))
  void notice()
  try {
    await spec.ready(AbortSignal.any([signal, gone.signal]))
    gone.signal.throwIfAborted()
    return child
  } catch (error) {
    const why = gone.signal.aborted ? gone.signal.reason : error
    const log = lastLines(spec.logFile)
    await child.stop(spec.graceMs)
    signal.throwIfAborted()
    throw new Error(`${spec.name} does not start: ${why.message}\n${log}`, { cause: error })
  }
}

function firstLine(error: unknown): string | undefined {
  return error instanceof Error ? error.message.split('\n', 1)[0] : String(error)
}

function lastLines(file: string): string {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n').slice(-SHOWN_LINES)
  return [`The last lines of ${file}:`, ...lines.map(line => `  ${line}`)].join('\n')
}
