import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { signalGroup } from './process-group.ts'
import type { Session } from './session.ts'

export interface ToolOptions {
  readonly command: string
  readonly args: readonly string[]
  readonly limitMs: number
  readonly onLine?: (line: string) => void
}

/** Runs a tool to its end; throws with its last lines when it fails, is not there, or takes longer than `limitMs`. */
export async function runTool(options: ToolOptions, session: Session): Promise<void> {
  session.signal.throwIfAborted()
  const name = options.command
  const child = spawn(name, options.args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  const { pid } = child
  const last: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', line => {
      last.push(line)
      if (last.length > 10) last.shift()
      options.onLine?.(line)
    })
  }
  if (pid !== undefined) session.reaper.watch(pid)
  const limit = AbortSignal.any([session.signal, AbortSignal.timeout(options.limitMs)])
  const end = () => pid !== undefined && signalGroup(pid, 'SIGKILL')
  limit.addEventListener('abort', end)
  try {
    const how = await new Promise<string>((resolve, reject) => {
      child.once('error', error => reject(new Error(`${name} could not be run: ${error.message}`)))
      child.once('close', (code, signal) => resolve(signal ?? `exit ${code}`))
    })
    session.signal.throwIfAborted()
    if (limit.aborted) throw new Error(`${name} took longer than ${options.limitMs / 1_000} s`)
    if (how !== 'exit 0') throw new Error(`${name} ended with ${how}: ${last.join('\n')}`)
  } finally {
    limit.removeEventListener('abort', end)
    if (pid !== undefined) session.reaper.forget(pid)
  }
}
