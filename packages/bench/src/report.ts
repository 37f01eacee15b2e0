import Table from 'cli-table3'
import type { Bench, Outcome, Result, TableData } from './bench.ts'
import type { Machine } from './machine.ts'
import type { Profile } from './profile/profiler.ts'

/** What one bench told. */
export interface BenchReport extends Pick<Outcome, 'tables' | 'samples' | 'voids'> {
  readonly name: string
  readonly tookMs: number
}

/** A whole run, as `--json` has it. */
export interface Report {
  readonly at: string
  readonly machine: Machine
  readonly targets: readonly Result[]
  readonly benches: readonly BenchReport[]
}

/** Where a bench is void, none of its targets holds. */
export function resultsOf({ results, voids }: Outcome): readonly Result[] {
  return voids.length === 0 ? results : results.map(result => ({ ...result, holds: false }))
}

interface Look {
  readonly colours: boolean
}

/** Its tables, and a line for each target. */
export function textOf({ name }: Bench, outcome: Outcome, { colours }: Look): string {
  return [
    ...outcome.tables.map(table => tableOf(table, colours)),
    ...outcome.voids.map(why => `Void: ${why}.`),
    ...resultsOf(outcome).flatMap(verdictOf),
    `bench ${name}: ${wordOf(outcome)}`,
  ].join('\n')
}

function wordOf(outcome: Outcome): string {
  if (outcome.voids.length > 0) return 'void'
  if (outcome.results.length === 0) return 'measured, without a target'
  return outcome.results.every(({ holds }) => holds) ? 'held' : 'NOT held'
}

/** Where the graph is, and what took longest. */
export function profileText({ process, file, graph, top }: Profile, { colours }: Look): string {
  const lines = [tableOf(top, colours), `${process}, profiled and so not measured: ${graph} (${file})`]
  return lines.join('\n')
}

export function machineText({ cpus, memory, system, node, kafka, commit, loadBefore }: Machine): string {
  return `${cpus}, ${memory}, ${system}; Node ${node}, Kafka ${kafka}, commit ${commit}; load before ${loadBefore.toFixed(1)}`
}

function verdictOf({ name, target, value, holds, misses }: Result): readonly string[] {
  if (misses !== undefined)
    return [...misses.map(miss => `Not held: ${miss}.`), `${holds ? 'Held' : 'NOT held'}: ${target}.`]
  return [`${holds ? 'Held' : 'NOT held'}: ${name}: ${valueText({ value })} (target ${target})`]
}

/** Its values as the target names them. */
export function valueText({ value }: Pick<Result, 'value'>): string {
  return (typeof value === 'number' ? [value] : value).map(figure).join(' / ')
}

/** Three digits that count. */
function figure(value: number): string {
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en-US') : `${Number(value.toPrecision(3))}`
}

function tableOf({ head, rows }: TableData, colours: boolean): string {
  const table = new Table({
    head: [...head],
    colAligns: head.map((_, n) => (n === 0 || head.length === 2 ? 'left' : 'right')),
    style: colours ? { head: ['bold'], border: ['gray'], compact: true } : { head: [], border: [], compact: true },
  })
  table.push(...rows.map(row => [...row]))
  return table.toString()
}
