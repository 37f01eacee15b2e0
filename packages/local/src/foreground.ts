import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { localEnvironment } from './environment.ts'
import { signalGroup, signalProcess } from './process-group.ts'
import type { Reaper } from './reaper.ts'
import { signalAsked } from './signal-asked.ts'
import { waitFor } from './wait-for.ts'

const REAPED_WITHIN_MS = 20_000

export interface ForegroundOptions {
  readonly reaper: Reaper
  /** Takes the list of the command's reapers. */
  readonly dir: string
  /** Over our own environment. */
  readonly env: Readonly<Record<string, string>>
  /** Sees what the command writes, which goes to our terminal. */
  readonly onOutput: (chunk: Buffer) => void
}

/**
 * Runs a command on our terminal and resolves with its exit code, 1 when a signal ended it. When we are asked to end
 * it is asked too, once; whatever it leaves in its process group is killed, also when we are, and what its own reapers
 * end is waited for.
 */
export async function runInForeground(
  command: string,
  args: readonly string[],
  { reaper, dir, env: over, onOutput }: ForegroundOptions,
): Promise<number> {
  const reapersFile = join(dir, 'reapers')
  await writeFile(reapersFile, '')
  const env = { ...localEnvironment().inherited, ...over, HOOKLINE_REAPERS: reapersFile }
  const asked = signalAsked()
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  const { pid } = child
  if (pid !== undefined) reaper.watch(pid)
  asked.signal.addEventListener('abort', () => child.kill('SIGTERM'), { once: true })
  const shown = Promise.all([
    show(child.stdout, process.stdout, onOutput),
    show(child.stderr, process.stderr, onOutput),
  ])
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', code => resolve(code ?? 1))
    })
  } finally {
    // with it goes whoever else holds its pipes open
    if (pid !== undefined) signalGroup(pid, 'SIGKILL')
    await shown
    await reapersGone(reapersFile)
  }
}

async function show(from: Readable, to: Writable, onOutput: (chunk: Buffer) => void): Promise<void> {
  from.on('data', (chunk: Buffer) => {
    onOutput(chunk)
    to.write(chunk)
  })
  await once(from, 'close')
}

async function reapersGone(reapersFile: string): Promise<void> {
  const pids = (await readFile(reapersFile, 'utf8')).split('\n').filter(Boolean).map(Number)
  const ask = async () => (pids.some(pid => signalProcess(pid, 0)) ? undefined : true)
  // a PID 1 that collects no orphans lets them look alive for ever: better an end than certainty
  await waitFor('the end of the reapers', ask, { limitMs: REAPED_WITHIN_MS }).catch(() => {})
}
