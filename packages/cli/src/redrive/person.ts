import { hostname, userInfo } from 'node:os'
import { Failure } from '../failure.ts'

/** Who decides: as `--by` says, else the user of this machine. */
export function personOf(by: string | undefined): string {
  if (by !== undefined) return by
  try {
    return userInfo().username
  } catch {
    throw new Failure('usage', 'This machine does not know who you are: say it with --by.')
  }
}

/** Who runs, for whom else wants to. */
export function runnerOf(person: string): string {
  return `${person} on ${hostname()} (pid ${process.pid})`
}
