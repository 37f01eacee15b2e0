import type { Result, TableData, Target } from '../bench.ts'
import { machineText, type Report, valueText } from '../report.ts'

const BEGIN = '<!-- From here on `bench --docs` writes. -->'
const END = '<!-- Up to here. -->'

/** A page with the results of a run in the place that it has for them. `targets`: all that there are. */
export function withResults(page: string, report: Report, targets: readonly Target[]): string {
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)]
  if (from === -1 || to < from) throw new Error(`the page has no place for results: ${BEGIN} … ${END}`)
  return `${page.slice(0, from + BEGIN.length)}\n\n${resultsOf(report, targets)}\n\n${page.slice(to)}`
}

function resultsOf({ at, machine, targets: results, benches }: Report, targets: readonly Target[]): string {
  const rows = targets.map(target => [target.name, target.target, ...measured(results.find(of(target)))])
  return [
    `${day(at)}, ${machineText(machine)}.`,
    tableText({ head: ['what', 'target', 'measured', ''], rows }),
    ...benches.flatMap(({ name, tables, voids, tookMs }) => [
      `### ${name}`,
      ...voids.map(why => `**Void**: ${why}.`),
      ...tables.map(tableText),
      `It took ${Math.round(tookMs / 1_000)} s.`,
    ]),
  ].join('\n\n')
}

function of(target: Target) {
  return ({ name }: Target) => name === target.name
}

function measured(result: Result | undefined): readonly [string, string] {
  if (result === undefined) return ['not measured', '']
  return [valueText(result), result.holds ? 'held' : '**missed**']
}

function day(at: string): string {
  return new Date(at).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })
}

function tableText({ head, rows }: TableData): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map(cell => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`
  const rule = head.map((_, n) => (n === 0 || head.length === 2 ? '---' : '---:'))
  return [line(head), line(rule), ...rows.map(line)].join('\n')
}
