import type { Proven } from './prove-guards.ts'

/** The guards and what notices that one is gone, as a Markdown table. */
export function guardTable(rows: readonly Proven[]): string {
  const cells = rows.map(({ guard, schedules, isNoticed, by }) => [
    guard,
    schedules === undefined ? '' : schedules.toLocaleString('en'),
    isNoticed ? by : `**NOT NOTICED** ${by}`,
  ])
  const head = ['Without the guard', 'Schedules', 'Noticed by']
  const widths = head.map((title, column) => Math.max(title.length, ...cells.map(row => row[column]?.length ?? 0)))
  const line = (row: readonly string[]) => `| ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`
  const unnoticed = rows.filter(({ isNoticed }) => !isNoticed).length
  const rule = `|${widths.map(width => '-'.repeat(width + 2)).join('|')}|`
  return [line(head), rule, ...cells.map(line), '', `${rows.length} guards, ${unnoticed} of them unnoticed.`, ''].join(
    '\n',
  )
}
