import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { usageOf } from '../measured-process.ts'

/**
 * User and system time of a process in milliseconds, all threads that it has. To the microsecond where the kernel tells it: an idle
 * process runs for less in a second than the 10 ms in which the system counts.
 */
export async function cpuMsOf(pid: number): Promise<number> {
  const tasks = `/proc/${pid}/task`
  try {
    const threads = await readdir(tasks)
    const times = await Promise.all(
      threads.map(async thread => ranMs(await readFile(join(tasks, thread, 'sched'), 'utf8'))),
    )
    return times.reduce((sum, ms) => sum + ms, 0)
  } catch {
    return (await usageOf(pid)).cpuMs // not Linux, or a kernel that does not tell
  }
}

/** How often any of its threads has gone to sleep; undefined where the system does not tell. */
export async function sleepsOf(pid: number): Promise<number | undefined> {
  const tasks = `/proc/${pid}/task`
  try {
    const threads = await readdir(tasks)
    const counts = await Promise.all(
      threads.map(async thread => slept(await readFile(join(tasks, thread, 'status'), 'utf8'))),
    )
    return counts.reduce((sum, count) => sum + count, 0)
  } catch {
    return undefined
  }
}

function ranMs(sched: string): number {
  const ms = /^se\.sum_exec_runtime\s*:\s*([\d.]+)/m.exec(sched)?.[1]
  if (ms === undefined) throw new Error('no time in /proc')
  return Number(ms)
}

function slept(status: string): number {
  return Number(/^voluntary_ctxt_switches:\s*(\d+)/m.exec(status)?.[1])
}
