import { durationMs } from './duration.ts'
import { evaluate } from './evaluate.ts'
import type { AlertRule } from './rules.ts'
import { rendered } from './template.ts'
import { keyOf, unnamed } from './vector.ts'
import type { Labels, Series } from './vector.ts'

export interface Firing {
  readonly exp_labels: Labels
  readonly exp_annotations: Labels
}

/** The alerts of a rule that fire at that time, where it was looked at every so often from 0 on. */
export function firing(rule: AlertRule, series: readonly Series[], time: { everyMs: number; atMs: number }): Firing[] {
  const holdMs = rule.for === undefined ? 0 : durationMs(rule.for)
  let since = new Map<string, number>()
  let found: Firing[] = []
  for (let at = 0; at <= time.atMs; at += time.everyMs) {
    const before = since
    since = new Map()
    found = []
    for (const { labels: named, value } of evaluate(rule.expr, series, at)) {
      const labels = unnamed(named)
      const from = before.get(keyOf(labels)) ?? at
      since.set(keyOf(labels), from)
      if (at - from < holdMs) continue
      const query = (expression: string) => evaluate(expression, series, at)
      const annotations = Object.entries(rule.annotations).map(([name, template]) => {
        return [name, rendered(template, { labels, value, query })]
      })
      found.push({ exp_labels: { ...labels, ...rule.labels }, exp_annotations: Object.fromEntries(annotations) })
    }
  }
  return found
}
