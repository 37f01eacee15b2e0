import { hasCode } from './error-code.ts'
/** Sends a signal to a whole process group; false when there is none any more. */
export function signalGroup(pid: number, signal: NodeJS.Signals): boolean {
  return send(-pid, signal)
}

export function groupIsAlive(pid: number): boolean {
  return send(-pid, 0)
}

/** Sends a signal to one process; false when it is gone. */
export function signalProcess(pid: number, signal: NodeJS.Signals | 0): boolean {
  return send(pid, signal)
}

function send(target: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(target, signal)
  } catch (error) {
    if (hasCode(error, 'ESRCH')) return false
    throw error
  }
}
