import { join } from 'node:path'

/** Names the step at which the process with this admin port ends itself. */
export function stepFile(dir: string, adminPort: string | number): string {
  return join(dir, `${adminPort}.step`)
}

/** Takes a line for each step that a process came to for the first time. */
export function seenFile(dir: string): string {
  return join(dir, 'steps-seen')
}
