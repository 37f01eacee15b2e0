import type { Labels, Sample } from './vector.ts'

export interface TemplateValues {
  readonly labels: Labels
  readonly value: number
  readonly query: (expression: string) => readonly Sample[]
}

const LOOP = /\{\{ range query (.+?) \| sortByLabel "(\w+)" \}\}(.*?)(?:\{\{ else \}\}(.*?))?\{\{ end \}\}/gs

/** An annotation's text. Of Go's templates just what the rules use; throws where anything else is left. */
export function rendered(template: string, { labels, value, query }: TemplateValues): string {
  const text = fields(template, labels)
    .replaceAll('{{ $value }}', String(value))
    .replaceAll(LOOP, (_all, expression: string, sortBy: string, body: string, otherwise = '') => {
      const found = query(queryOf(expression, labels)).toSorted((a, b) => compared(a.labels[sortBy], b.labels[sortBy]))
      const parts = found.map(one => body.replaceAll(/\{\{ \.Labels\.(\w+) \}\}/g, (_, name) => one.labels[name] ?? ''))
      return parts.length > 0 ? parts.join('') : otherwise
    })
  if (text.includes('{{')) throw new Error(`a template has more than is known here: ${text}`)
  return text
}

function fields(template: string, labels: Labels): string {
  return template.replaceAll(/\{\{ \$labels\.(\w+) \}\}/g, (_, name) => labels[name] ?? '')
}

/** `"…"`, or `(printf "… %q …" $labels.name)` */
function queryOf(expression: string, labels: Labels): string {
  const [, format = expression, label] = /^\(printf (".*") \$labels\.(\w+)\)$/s.exec(expression) ?? []
  const text: unknown = JSON.parse(format)
  if (typeof text !== 'string') throw new Error(`not a query: ${expression}`)
  return label === undefined ? text : text.replace('%q', JSON.stringify(labels[label] ?? ''))
}

function compared(a = '', b = ''): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
