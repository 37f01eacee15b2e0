import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { usageOf } from '../measured-process.ts'

/**
 * User and system time of a process in milliseconds, all threads that it has. To the microsecond where the kernel tells it: an idle
 * process runs for less in a second than the 10 ms in which the system counts.
 */
export async function cpuMsOf(pid: number): Promise<number> {
  try {
    return await ofThreads(pid, 'sched', ranMs)
  } catch {
    return (await usageOf(pid)).cpuMs // not Linux, or a kernel that does not tell
  }
}

/** How often any of its threads has gone to sleep; undefined where the system does not tell. */
export async function sleepsOf(pid: number): Promise<number | undefined> {
  try {
    return await ofThreads(pid, 'status', slept)
  } catch {
    return undefined
  }
}

/** The sum of what a file of the kernel tells of each thread. Rejects where there is none. */
async function ofThreads(pid: number, file: string, told: (text: string) => number): Promise<number> {
  const tasks = `/proc/${pid}/task`
  const threads = await readdir(tasks)
  const values = await Promise.all(threads.map(async thread => told(await readFile(join(tasks, thread, file), 'utf8'))))
  return values.reduce((sum, value) => sum + value, 0)
}

function ranMs(sched: string): number {
  const ms = /^se\.sum_exec_runtime\s*:\s*([\d.]+)/m.exec(sched)?.[1]
  if (ms === undefined) throw new Error('no time in /proc')
  return Number(ms)
}

function slept(status: string): number {
  return Number(/^voluntary_ctxt_switches:\s*(\d+)/m.exec(status)?.[1])
}
