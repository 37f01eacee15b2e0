import { spawn } from 'node:child_process'
import { signalGroup } from './process-group.ts'
import { startReaper } from './reaper.ts'
import { signalAsked } from './signal-asked.ts'

/**
 * Runs a command on our terminal and resolves with its exit code, 1 when a signal ended it. What we are asked to end
 * it is asked too, once; whatever it leaves in its process group is killed, also when we are.
 */
export async function runInForeground(command: string, args: readonly string[]): Promise<number> {
  const reaper = startReaper()
  const asked = signalAsked()
  const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'], detached: true })
  const { pid } = child
  if (pid !== undefined) reaper.watch(pid)
  asked.signal.addEventListener('abort', () => child.kill('SIGTERM'), { once: true })
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', code => resolve(code ?? 1))
    })
  } finally {
    if (pid !== undefined) signalGroup(pid, 'SIGKILL')
    await reaper.close()
  }
}
