import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { signalProcess } from './process-group.ts'
import type { Reaper } from './reaper.ts'
import { waitFor } from './wait-for.ts'
import { hasCode } from './error-code.ts'

const REAPED_WITHIN_MS = 30_000

interface Holder {
  readonly pid: number
  /** It may still be ending what a killed stack left. */
  readonly reaper_pid: number
}

/** Another stack runs on the same directory. */
export class StackRunsAlready extends Error {
  readonly code = 'stack_runs_already'

  constructor(pid: number, file: string) {
    super(`a stack runs here already (process ${pid}): stop it first; if there is no such stack, remove ${file}`)
    this.name = 'StackRunsAlready'
  }
}

/** Makes the directory ours until the reaper ends, so that no two stacks write to the same data. */
export async function lockStack(dir: string, reaper: Reaper, signal: AbortSignal): Promise<void> {
  const file = join(dir, 'stack.lock')
  const lock = async () => {
    if (await create(file, { pid: process.pid, reaper_pid: reaper.pid })) return true
    const holder = await read(file)
    if (holder === undefined) return undefined
    if (signalProcess(holder.pid, 0)) throw new StackRunsAlready(holder.pid, file)
    if (!signalProcess(holder.reaper_pid, 0)) await rm(file, { force: true })
    return undefined
  }
  await waitFor('the end of the stack that ran here before', lock, {
    limitMs: REAPED_WITHIN_MS,
    signal,
    giveUp: error => error instanceof StackRunsAlready,
  })
  reaper.removeAtEnd(file)
}

async function create(file: string, holder: Holder): Promise<boolean> {
  try {
    await writeFile(file, JSON.stringify(holder), { flag: 'wx' })
    return true
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false
    throw error
  }
}

async function read(file: string): Promise<Holder | undefined> {
  try {
    const holder: Holder = JSON.parse(await readFile(file, 'utf8'))
    return holder
  } catch {
    return undefined // gone, or being written
  }
}
