import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { onTestFinished } from 'vitest'
import { signalGroup, signalProcess } from '../src/process-group.ts'
import { waitFor } from '../src/wait-for.ts'

export interface Running {
  readonly pid: number
  readonly lines: string[]
  /** Resolves with the first line, also an old one, that matches. */
  line(pattern: RegExp): Promise<string>
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
}

/** Starts a command in a process group of its own, as a terminal does; whatever is left of it is killed after the test. */
export function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Running {
  const child = spawn(command, args, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  })
  const { pid } = child
  if (pid === undefined) throw new Error(`${command} could not be started`)
  const lines: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', line => lines.push(line))
  }
  onTestFinished(() => {
    signalGroup(pid, 'SIGKILL')
  })
  const end = async () => {
    const [code, signal] = await once(child, 'close')
    return { code, signal }
  }
  return {
    pid,
    lines,
    ended: end(),
    line: pattern =>
      waitFor(`a line like ${pattern}`, async () => lines.find(line => pattern.test(line)), { limitMs: 120_000 }),
  }
}

export function isAlive(pid: number): boolean {
  return signalProcess(pid, 0)
}

export async function gone(...pids: number[]): Promise<void> {
  const ask = async () => (pids.some(isAlive) ? undefined : true)
  await waitFor(`the end of ${pids.join(', ')}`, ask, { limitMs: 60_000 })
}
