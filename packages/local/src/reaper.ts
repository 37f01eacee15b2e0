import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { localEnvironment } from './environment.ts'

/** A line to the reaper's process; pids are leaders of process groups. */
export type ReaperOrder = { watch: number } | { forget: number } | { remove: string }

/** Ends processes and removes directories once this process is gone, however it went. */
export interface Reaper {
  readonly pid: number
  watch(pid: number): void
  forget(pid: number): void
  /** Removed at the end, also after a kill. */
  removeAtEnd(path: string): void
  /** Ends what is still watched, removes what is to be removed; resolves when the reaper itself is gone. */
  close(): Promise<void>
}

/**
 * Starts the reaper: a process in a session of its own that reads orders from a pipe to us. The pipe's end is the one
 * sign of our death that SIGKILL cannot withhold. After `patienceMs` its SIGTERM becomes a SIGKILL.
 */
export function startReaper(patienceMs = 8_000): Reaper {
  const program = fileURLToPath(new URL('./reaper-process.ts', import.meta.url))
  const child = spawn(process.execPath, [program, `${patienceMs}`], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  const { pid } = child
  if (pid === undefined) throw new Error('the reaper could not be started')
  const gone = once(child, 'exit')
  const { reapersFile } = localEnvironment()
  if (reapersFile !== undefined) appendFileSync(reapersFile, `${pid}\n`)
  child.stdin.on('error', () => {}) // its end is seen by `gone`; a broken pipe here has no second meaning
  child.unref()
  const order = (line: ReaperOrder) => child.stdin.write(`${JSON.stringify(line)}\n`)
  return {
    pid,
    watch: pid => order({ watch: pid }),
    forget: pid => order({ forget: pid }),
    removeAtEnd: path => order({ remove: path }),
    async close() {
      child.ref()
      child.stdin.end()
      await gone
    },
  }
}
