import { readFileSync } from 'node:fs'

const EVERY_MS = 500
const LAUNCHER = /\bnpm exec\b|\bnpx\b|pnpm/

/** The pids from us up to the package manager that the person called, ours first. */
function launcherChain(): readonly number[] {
  const chain = [process.pid]
  let launchers = 1
  for (let pid = process.ppid; pid > 1; pid = parentOf(pid) ?? 0) {
    chain.push(pid)
    if (LAUNCHER.test(commandOf(pid))) launchers = chain.length
  }
  return chain.slice(0, launchers)
}

/**
 * Calls back, once, when a process between us and the package manager that the person called is gone. `npx` does not
 * pass a SIGTERM on, and nothing passes a SIGKILL on. Without `/proc` (not on Linux) it never calls.
 */
export function whenLauncherIsGone(callback: () => void): void {
  const chain = launcherChain()
  const timer = setInterval(() => {
    const intact = chain.every((pid, n) => chain[n + 1] === undefined || parentOf(pid) === chain[n + 1])
    if (intact) return
    clearInterval(timer)
    callback()
  }, EVERY_MS)
  timer.unref()
}

function parentOf(pid: number): number | undefined {
  // the second field, the command's name, may hold spaces and parentheses
  const fields = proc(pid, 'stat').split(') ').at(-1)?.split(' ')
  return fields?.[1] === undefined ? undefined : Number(fields[1])
}

function commandOf(pid: number): string {
  return proc(pid, 'cmdline').replaceAll('\0', ' ')
}

function proc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return '' // gone, or no Linux
  }
}
