import type { Finding, Found } from '../../../delivery/test/model/search.ts'
import type { Asked } from './main.ts'
import { progressLine } from './progress-line.ts'
import type { ProofName } from './proofs.ts'
import { searchMany } from './search-many.ts'

/** Schedules that a process runs at a time, and how many there are otherwise. */
const USUAL = {
  model: { chunk: 110, schedules: 20_000 },
  loop: { chunk: 18, schedules: 2_000 },
}

/** Runs schedules, says what they ran into, and returns the exit code. */
export async function proveSchedules(
  { loop, schedules, seed, variant, json }: Asked,
  { processes, signal }: { processes: number; signal: AbortSignal },
): Promise<number> {
  const proof: ProofName = loop ? 'loop' : 'model'
  const { chunk, schedules: usual } = USUAL[proof]
  const count = schedules ?? usual
  const progress = progressLine(`of ${count.toLocaleString('en')} schedules`)
  const found = await searchMany(
    { proof, edits: [] },
    { firstSeed: seed, count, variant, chunk, processes, signal, onProgress: progress.show },
  )
  progress.end()
  process.stdout.write(json ? `${JSON.stringify({ proof, ...found })}\n` : told(proof, found))
  if (found.finding) return 1
  return signal.aborted ? 130 : 0
}

function told(proof: ProofName, { finding, seen, schedules }: Found): string {
  const counters = Object.entries(seen).map(
    ([counter, times]) => `${times.toLocaleString('en').padStart(12)}  ${counter}`,
  )
  const lines = [`${schedules.toLocaleString('en')} schedules of the ${proof} ran into`, ...counters, '']
  return [...lines, ...(finding ? violation(proof, finding) : ['No guarantee was violated.']), ''].join('\n')
}

function violation(proof: ProofName, { seed, variant, guarantee, detail, trace }: Finding): readonly string[] {
  const loop = proof === 'loop' ? ' --loop' : ''
  return [
    ...trace,
    '',
    `VIOLATED: ${guarantee} (${detail})`,
    `Again: npx -y pnpm@12 model${loop} --seed ${seed} --variant "${variant}" --schedules 1`,
  ]
}
