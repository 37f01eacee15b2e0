import { availableParallelism } from 'node:os'
import { InvalidArgumentError, program } from 'commander'
import { proveGuards } from './prove-guards.ts'
import { proveSchedules } from './prove-schedules.ts'
import { showTrace } from './show-trace.ts'

/** What a run was asked for. */
export interface Asked {
  schedules?: number
  seed: number
  variant: string
  mutants?: true
  loop?: true
  trace?: true
  json?: true
}

const asked = program
  .name('npx -y pnpm@12 model')
  .description('The consumer protocol under random schedules of crashes, pauses, late answers, rebalances and redrives')
  .option('--schedules <number>', 'how many; with --mutants, after how many one goes unnoticed', whole)
  .option('--seed <number>', 'of the first schedule; each seed gives one schedule, always the same', whole, 1)
  .option('--variant <text>', 'only under the conditions whose name contains this', '')
  .option('--mutants', 'take out each guard of the protocol, one by one, and show what notices')
  .option('--loop', 'the real loop over ports in memory, instead of the model')
  .option('--trace', 'tell the schedule of the seed line by line')
  .option('--json', 'print the result as JSON')
  .parse()
  .opts<Asked>()

const interrupted = new AbortController()
process.once('SIGINT', () => interrupted.abort()) // what was run so far is printed; a second one ends at once

const processes = availableParallelism()
try {
  if (asked.trace) await showTrace(asked)
  else if (asked.mutants) process.exitCode = await proveGuards(asked, { processes, signal: interrupted.signal })
  else process.exitCode = await proveSchedules(asked, { processes, signal: interrupted.signal })
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

function whole(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It is a whole number above zero.')
  return Number(text)
}
