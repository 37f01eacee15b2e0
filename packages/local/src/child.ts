import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, createWriteStream, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { secretsIn } from './leaks/secret-variables.ts'
import { ourTestRecord } from './leaks/test-record.ts'
import { signalGroup, signalProcess } from './process-group.ts'
import type { Reaper } from './reaper.ts'

export interface ChildOptions {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  /** The whole environment of the child. */
  readonly env: NodeJS.ProcessEnv
  /** Takes stdout and stderr, appended. */
  readonly logFile: string
  /** Shows stdout and stderr on our own stderr too, each line after the child's name. */
  readonly verbose?: boolean
}

/** A running process in a process group of its own, so that the terminal's Ctrl-C does not reach it but through us. */
export interface Child {
  readonly pid: number
  /** Resolves with what ended it: `exit 1` or `SIGKILL`. */
  readonly ended: Promise<string>
  kill(signal: NodeJS.Signals): boolean
  /** SIGTERM, and after `graceMs` SIGKILL; resolves when it is gone. */
  stop(graceMs: number): Promise<void>
}

export async function spawnChild(options: ChildOptions, reaper: Reaper): Promise<Child> {
  mkdirSync(dirname(options.logFile), { recursive: true })
  const spawned = options.verbose ? spawnTee(options) : spawnToFile(options)
  recordChild(options)
  const ended = new Promise<string>(resolve => {
    spawned.once('error', error => resolve(error.message))
    spawned.once('exit', (code, signal) => resolve(signal ?? `exit ${code}`))
  })
  const { pid } = spawned
  if (pid === undefined) throw new Error(`${options.name} could not be started: ${await ended}`)
  reaper.watch(pid)
  let over = false
  spawned.once('exit', () => {
    over = true
    signalGroup(pid, 'SIGKILL') // whatever it started itself
    reaper.forget(pid)
  })
  return {
    pid,
    ended,
    kill: signal => !over && signalProcess(pid, signal),
    async stop(graceMs) {
      if (over) return
      signalGroup(pid, 'SIGTERM')
      signalGroup(pid, 'SIGCONT') // a stopped process would keep the SIGTERM to itself
      const timer = setTimeout(() => signalGroup(pid, 'SIGKILL'), graceMs)
      await ended
      clearTimeout(timer)
    },
  }
}

/** In a run of the tests what it writes, and the secrets that it is given, are looked at in the end. */
function recordChild({ env, logFile }: ChildOptions): void {
  const record = ourTestRecord()
  if (record === undefined) return
  record.logFile(logFile)
  const variables = Object.entries(env).map(([name, value = '']) => [name, value] as const)
  for (const { label, value } of secretsIn(variables)) record.secret(label, value)
}

function spawnToFile(options: ChildOptions): ChildProcess {
  const log = openSync(options.logFile, 'a')
  try {
    return spawn(options.command, options.args, {
      detached: true,
      env: options.env,
      stdio: ['ignore', log, log],
    })
  } finally {
    closeSync(log)
  }
}

function spawnTee(options: ChildOptions): ChildProcess {
  const child = spawn(options.command, options.args, {
    detached: true,
    env: options.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const log = createWriteStream(options.logFile, { flags: 'a' })
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      log.write(text)
      process.stderr.write(text.replace(/^(?=.)/gm, `${options.name} | `))
    })
  }
  child.once('close', () => log.end())
  return child
}
