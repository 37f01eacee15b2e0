import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const LIMIT_MS = 45_000

/** The real command, piped, with nothing of the tests' own environment that it reads. */
export function hookline(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ stdout: string; stderr: string; exitCode: number }> {
  const { PATH = '' } = process.env
  const options = { env: { PATH, ...env }, timeout: LIMIT_MS }
  return new Promise((resolve, reject) => {
    execFile(process.execPath, ['--conditions=source', MAIN, ...args], options, (error, stdout, stderr) => {
      const exitCode = error ? error.code : 0
      if (typeof exitCode === 'number') resolve({ stdout, stderr, exitCode })
      else reject(new Error(`hookline ${args.join(' ')} did not end by itself: ${stderr}`, { cause: error }))
    })
  })
}

/** The same, for a test that sends it signals. */
export function startHookline(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): ChildProcessWithoutNullStreams {
  const { PATH = '' } = process.env
  return spawn(process.execPath, ['--conditions=source', MAIN, ...args], { env: { PATH, ...env } })
}
