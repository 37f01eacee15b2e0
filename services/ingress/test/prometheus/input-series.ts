import { child, parsed, selectorOf } from './syntax.ts'
import type { Series } from './vector.ts'

/** Of a test's `series` and `values`: `0 1+2x3 5x2` is 0 1 3 5 7 5 5 5, one value each interval. */
export function inputSeries({ series, values }: { series: string; values: string }, intervalMs: number): Series {
  const { metric, matchers } = selectorOf(child(parsed(series), 0))
  const labels = Object.fromEntries(matchers.map(({ label, value }) => [label, value]))
  const points = values
    .trim()
    .split(/\s+/)
    .flatMap(valuesOf)
    .map((value, n) => ({ at: n * intervalMs, value }))
  return { labels: { ...labels, __name__: metric }, points }
}

function valuesOf(item: string): readonly number[] {
  const [all, start, step = '0', times = '0'] = /^(\d+)(?:\+(\d+))?(?:x(\d+))?$/.exec(item) ?? []
  if (all === undefined) throw new Error(`not known here: ${item}`)
  return Array.from({ length: Number(times) + 1 }, (_, n) => Number(start) + n * Number(step))
}
