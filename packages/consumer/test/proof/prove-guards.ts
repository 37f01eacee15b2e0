import pLimit from 'p-limit'
import { fails } from './directed.ts'
import type { Asked } from './main.ts'
import type { Mutant } from './mutant.ts'
import { MUTANTS } from './mutants/index.ts'
import { progressLine } from './progress-line.ts'
import { searchMany } from './search-many.ts'
import { guardTable } from './guard-table.ts'

/** Schedules after which a guard that is gone counts as unnoticed, and how many run at a time. */
const LIMITS = {
  model: { chunk: 44, schedules: 60_000 },
  loop: { chunk: 9, schedules: 6_000 },
}

/** What came of a protocol without one guard. */
export interface Proven {
  guard: string
  /** Something does notice, or says why nothing does. */
  isNoticed: boolean
  /** After how many schedules. */
  schedules?: number
  /** The guarantee that was violated, the test that failed, or why nothing can. */
  by: string
}

/** Takes out each guard, looks for what notices from the first seed on, and returns the exit code. */
export async function proveGuards(
  { schedules, seed, json }: Asked,
  { processes, signal }: { processes: number; signal: AbortSignal },
): Promise<number> {
  const slot = pLimit(processes)
  const progress = progressLine(`of ${MUTANTS.length} guards`)
  const proven: Proven[] = []
  let done = 0
  await Promise.all(
    MUTANTS.map((mutant, i) =>
      slot(async () => {
        if (signal.aborted) return
        proven[i] = await prove(mutant, { seed, signal, ...(schedules !== undefined && { schedules }) })
        progress.show((done += 1))
      }),
    ),
  )
  progress.end()
  const rows = proven.filter(Boolean)
  process.stdout.write(json ? `${JSON.stringify(rows)}\n` : guardTable(rows))
  if (rows.some(({ isNoticed }) => !isNoticed)) return 1
  return signal.aborted ? 130 : 0
}

async function prove(
  { guard, edits, by }: Mutant,
  { seed, schedules, signal }: { seed: number; schedules?: number; signal: AbortSignal },
): Promise<Proven> {
  switch (by.kind) {
    case 'nothing':
      return { guard, isNoticed: true, by: `nothing: ${by.why}` }
    case 'test':
      return { guard, isNoticed: await fails(by, edits), by: `${by.file}: ${by.title}` }
    case 'model':
    case 'loop': {
      const { chunk, schedules: usual } = LIMITS[by.kind]
      const range = { firstSeed: seed, count: schedules ?? usual, variant: '', chunk, processes: 1, signal }
      const { finding, schedules: ran } = await searchMany({ proof: by.kind, edits }, range)
      return { guard, isNoticed: finding !== undefined, schedules: ran, by: finding?.guarantee ?? 'NOT NOTICED' }
    }
  }
}
