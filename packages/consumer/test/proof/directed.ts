import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Edit } from './mutant.ts'

/** A test that spins never ends: no test of pure functions, or in virtual time, takes so long. */
const SPINS_MS = 120_000

/** Whether a test fails where the edits are made: then it notices what is gone. Rejects where there is no such test. */
export async function fails(test: { file: string; title: string }, edits: readonly Edit[]): Promise<boolean> {
  const process_ = spawn(
    process.execPath,
    [
      '--conditions=source',
      fileURLToPath(new URL('./directed-process.ts', import.meta.url)),
      JSON.stringify({ test, edits }),
    ],
    { stdio: ['ignore', 'ignore', 'pipe'], timeout: SPINS_MS, killSignal: 'SIGKILL' },
  )
  const said: Buffer[] = []
  process_.stderr.on('data', (data: Buffer) => said.push(data))
  const code = await new Promise<number | null>((resolve, reject) => {
    process_.once('error', reject)
    process_.once('close', resolve)
  })
  if (code === 0) return false
  if (code === 1 || code === null) return true
  throw new Error(`${test.file}: ${Buffer.concat(said).toString()}`)
}
