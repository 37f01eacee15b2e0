import { declaredSources } from '../sources/declared-sources.ts'
import type { SourceDeclaration } from '../sources/source.ts'
import { answersTo, sendAgain } from './answers-to.ts'

/** Every answer but `accepted`, as a Markdown table. Where only some senders may get one, they are named. */
export function answersTable(declared: readonly SourceDeclaration[] = declaredSources): string {
  const each = declared.flatMap(({ catalogue }) =>
    answersTo(catalogue).map(answer => ({ answer, source: catalogue.source })),
  )
  const alike = [...Map.groupBy(each, ({ answer }) => `${answer.status} ${answer.code}`).values()]
  const rows = alike
    .toSorted(([one], [other]) => (one?.answer.status ?? 0) - (other?.answer.status ?? 0))
    .flatMap(same => {
      const [first] = same
      if (first === undefined) return []
      const { status, code, message } = first.answer
      const only =
        same.length === declared.length ? '' : `Only ${same.map(({ source }) => `\`${source}\``).join(', ')}. `
      return [
        [`${status}`, `\`${code}\``, `${only}${message.replaceAll('_', String.raw`\_`)}`, sendAgain(first.answer)],
      ]
    })
  return table([['Status', 'Code', 'What it says', 'Send it again'], ...rows])
}

function table(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows
  const widths = head.map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)))
  const line = (row: readonly string[]) => `| ${row.map((cell, n) => cell.padEnd(widths[n] ?? 0)).join(' | ')} |`
  return [line(head), `| ${widths.map(width => '-'.repeat(width)).join(' | ')} |`, ...body.map(line)].join('\n')
}
