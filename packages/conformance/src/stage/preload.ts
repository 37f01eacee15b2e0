// Loaded into every process of the service with `--import`: writes down to which steps of the kit it came, and ends it by SIGKILL
// at the one for which the suite has armed it. A service without the kit tells no step.
import { subscribe } from 'node:diagnostics_channel'
import { appendFileSync, readFileSync } from 'node:fs'
import { seenFile, stepFile } from './step-files.ts'

const { HOOKLINE_STEPS_DIR: dir, ADMIN_PORT: adminPort = '' } = process.env

if (dir !== undefined) {
  const seen = new Set<string>()
  subscribe('hookline:step', message => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the kit publishes there
    const { step } = message as { step: string }
    if (!seen.has(step)) {
      seen.add(step)
      appendFileSync(seenFile(dir), `${step}\n`)
    }
    if (step === armedFor(dir)) end()
  })
}

function armedFor(folder: string): string | undefined {
  try {
    return readFileSync(stepFile(folder, adminPort), 'utf8')
  } catch {
    return undefined // not armed
  }
}

function end(): void {
  process.kill(process.pid, 'SIGKILL')
  // another thread may be the one that takes the signal: nothing more happens here until it has
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_000)
}
