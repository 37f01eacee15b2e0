import Table from 'cli-table3'
import type { Bench, Outcome } from './bench.ts'
import type { Machine } from './machine.ts'

export interface Report extends Outcome {
  readonly bench: string
  readonly target: string
  readonly holds: boolean
  readonly at: string
  readonly tookMs: number
  readonly machine: Machine
}

export function reportOf(bench: Bench, outcome: Outcome, around: Pick<Report, 'at' | 'tookMs' | 'machine'>): Report {
  const { name, target } = bench
  return { bench: name, target, holds: outcome.misses.length === 0, ...around, ...outcome }
}

/** The table, what it was measured on, and the verdict as the last line. */
export function textOf(report: Report, { colours }: { readonly colours: boolean }): string {
  const { bench, target, holds, figures, misses, machine, tookMs } = report
  const table = new Table({
    head: [bench, ''],
    style: colours ? { head: ['bold'], border: ['gray'], compact: true } : { head: [], border: [], compact: true },
  })
  table.push(...figures.map(({ what, value }) => [what, value]))
  const { cpus, memory, system, node, kafka, commit, loadBefore } = machine
  return [
    table.toString(),
    `${cpus}, ${memory}, ${system}; Node ${node}, Kafka ${kafka}, commit ${commit}; load before ${loadBefore.toFixed(1)}; ${Math.round(tookMs / 1_000)} s.`,
    ...misses.map(miss => `Not held: ${miss}.`),
    `Verdict: ${holds ? 'held' : 'NOT held'}: ${target}.`,
  ].join('\n')
}
