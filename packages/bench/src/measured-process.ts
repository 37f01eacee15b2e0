import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { spawnChild, waitFor } from '@hookline/local'
import pidusage from 'pidusage'
import type { Stage } from './stage.ts'

const READY_LIMIT_MS = 60_000
const CLOSE_GRACE_MS = 15_000

export interface ProcessOptions {
  readonly name: string
  /** A TypeScript file; it gets no arguments. */
  readonly script: string
  readonly env: Readonly<Record<string, string>>
  /** Given to Node before the script. */
  readonly nodeArgs?: readonly string[]
  /** Whether it is what is measured, and no peer of it: `--profile` is about it. */
  readonly ours: boolean
  /** Asked again and again until it resolves to something; it is told where the output is. */
  readonly ready: (logFile: string) => Promise<unknown>
}

/** A Node process of its own: ours or a peer's. */
export interface MeasuredProcess {
  readonly pid: number
  /** Where its output is. */
  readonly logFile: string
  /** Undefined while it runs. */
  readonly ended: () => string | undefined
  readonly usage: () => Promise<Usage>
  /** It does nothing until it goes on, and does not know of it. A few seconds: Kafka and MongoDB would think it dead. */
  readonly hold: () => void
  readonly goOn: () => void
  /** In its own time, at most 15 s. It is stopped with the stage, too. */
  readonly stop: () => Promise<void>
}

export interface Usage {
  /** User and system time since it started, all threads. The system counts it in steps of 10 ms. */
  readonly cpuMs: number
  readonly rssBytes: number
}

export async function startProcess(stage: Stage, options: ProcessOptions): Promise<MeasuredProcess> {
  const { session, dir } = stage
  const { name, script, env, nodeArgs = [], ours, ready } = options
  const profiling = ours ? (stage.profiler?.argsFor(name) ?? []) : []
  const logFile = join(dir, `${name}.log`)
  const child = await spawnChild(
    {
      name,
      command: process.execPath,
      args: ['--conditions=source', ...profiling, ...nodeArgs, script],
      env: { ...session.environment.inherited, ...env },
      logFile,
    },
    session.reaper,
  )
  const stop = () => child.stop(CLOSE_GRACE_MS)
  stage.onClose(stop)
  let how: string | undefined
  void child.ended.then(ended => (how = ended))
  const limits = { limitMs: READY_LIMIT_MS, signal: session.signal, giveUp: () => how !== undefined }
  await waitFor(name, () => ready(logFile), limits).catch(async cause => {
    session.signal.throwIfAborted()
    throw new Error(`${name} does not start (${how ?? 'it runs'}):\n${await readFile(logFile, 'utf8')}`, { cause })
  })
  return {
    pid: child.pid,
    logFile,
    ended: () => how,
    usage: () => usageOf(child.pid),
    hold: () => child.kill('SIGSTOP'),
    goOn: () => child.kill('SIGCONT'),
    stop,
  }
}

/** Of any process, such as mongod. */
export async function usageOf(pid: number): Promise<Usage> {
  const { ctime, memory } = await pidusage(pid)
  return { cpuMs: ctime, rssBytes: memory }
}
