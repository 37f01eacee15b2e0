import { spawn } from 'node:child_process'
import { Failure } from '../failure.ts'

const SHOWN_LINES = 15

export interface StepCommand {
  readonly command: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly signal: AbortSignal
}

/** Runs a command to its end. Throws a `Failure` with its last lines where it fails, and the signal's reason where it ends it. */
export async function runStep({ command, args, cwd, signal }: StepCommand): Promise<void> {
  signal.throwIfAborted()
  // a group of its own: npx passes no signal on, and what it started must not go on writing
  const child = spawn(command, args, { cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  const written: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => written.push(text))
  }
  const end = () => {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
  }
  signal.addEventListener('abort', end)
  const how = await new Promise<string>(resolve => {
    child.once('error', error => resolve(error.message))
    child.once('close', (code, name) => resolve(name ?? `exit ${code}`))
  })
  signal.removeEventListener('abort', end)
  signal.throwIfAborted()
  if (how === 'exit 0') return
  const last = written.join('').trimEnd().split('\n').slice(-SHOWN_LINES)
  throw new Failure('no', [`${[command, ...args].join(' ')} ended with ${how}:`, ...last].join('\n'))
}
