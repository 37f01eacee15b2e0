import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { type Child, type ChildOptions, spawnChild } from './child.ts'
import type { Session } from './session.ts'

const RESTART_AFTER_MS = 1_000

export interface ProcessSpec extends ChildOptions {
  /** Resolves when the process can be used; asks until `signal` is aborted. */
  readonly ready: (signal: AbortSignal) => Promise<void>
  /** How long SIGTERM may take before SIGKILL. */
  readonly graceMs: number
}

export interface SupervisedOptions {
  /** Start it again, a second later, when it ends by itself. */
  readonly restart: boolean
  /** Called when a restarted process is ready. */
  readonly onRestarted?: () => void
}

/** A process that is started, watched, started again on the same ports and data, and stopped. */
export interface Supervised {
  readonly name: string
  /** The pid now; undefined between an end and the next start. */
  readonly pid: number | undefined
  /** Sends a signal to the process alone; false when it does not run. */
  kill(signal: NodeJS.Signals): boolean
  /** Stops it in its own time and starts it again; resolves when it is ready. */
  restart(): Promise<void>
  stop(): Promise<void>
}

/** Starts the process and resolves when it is ready; a failed start leaves nothing running. */
export async function supervise(spec: ProcessSpec, session: Session, options: SupervisedOptions): Promise<Supervised> {
  const stopping = new AbortController()
  let child: Child | undefined
  let replacing: Promise<void> | undefined

  async function start(signal: AbortSignal): Promise<void> {
    const started = await spawnChild(spec, session.reaper)
    child = started
    const unusable = new AbortController()
    const failed = started.ended.then(how => {
      if (child === started) child = undefined
      unusable.abort(new Error(`${spec.name} ended (${how}) before it was ready\n${lastLines(spec.logFile)}`))
    })
    try {
      await spec.ready(AbortSignal.any([signal, unusable.signal]))
      unusable.signal.throwIfAborted()
    } catch (error) {
      await started.stop(spec.graceMs)
      throw unusable.signal.aborted ? unusable.signal.reason : error
    }
    void failed.then(() => ended(started))
  }

  function ended(which: Child): void {
    const wanted = options.restart && !stopping.signal.aborted && replacing === undefined
    if (wanted && (child === undefined || child === which))
      replacing = bringBack().finally(() => (replacing = undefined))
  }

  async function bringBack(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await delay(RESTART_AFTER_MS, undefined, { signal: stopping.signal })
        await start(stopping.signal)
        session.progress(`${spec.name} ended by itself and runs again`)
        options.onRestarted?.()
        return
      } catch (error) {
        if (!stopping.signal.aborted)
          session.progress(`${spec.name} does not come back yet: ${(error as Error).message}`)
      }
    }
  }

  await start(AbortSignal.any([session.signal, stopping.signal]))
  return {
    name: spec.name,
    get pid() {
      return child?.pid
    },
    kill: signal => child?.kill(signal) ?? false,
    async restart() {
      await replacing
      let done = () => {}
      replacing = new Promise<void>(resolve => (done = resolve))
      try {
        await child?.stop(spec.graceMs)
        await start(stopping.signal)
      } finally {
        done()
        replacing = undefined
      }
      options.onRestarted?.()
    },
    async stop() {
      stopping.abort(new Error(`${spec.name} is being stopped`))
      await child?.stop(spec.graceMs)
      await replacing?.catch(() => {})
      await child?.stop(spec.graceMs)
    },
  }
}

function lastLines(file: string): string {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n').slice(-20)
  return [`last lines of ${file}:`, ...lines.map(line => `  ${line}`)].join('\n')
}
