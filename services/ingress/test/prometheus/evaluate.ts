import { durationMs } from './duration.ts'
import { child, parsed, selectorOf } from './syntax.ts'
import type { Node, Selector } from './syntax.ts'
import { keyOf, unnamed } from './vector.ts'
import type { Labels, Sample, Series } from './vector.ts'

/** How long a series that is not scraped any more still has its last value. */
const LOOK_BACK_MS = 300_000

/**
 * What an expression is at that time. Knows just what the rules use, and throws at anything else, so that a rule with
 * more than that is seen. `increase` and `rate` do not extrapolate to the edges of their range, as Prometheus does: no
 * rule may depend on that.
 */
export function evaluate(text: string, series: readonly Series[], atMs: number): readonly Sample[] {
  return vectorOf(parsed(text))

  function vectorOf(node: Node): readonly Sample[] {
    switch (node.name) {
      case 'PromQL':
      case 'ParenExpr':
        return vectorOf(child(node, 0))
      case 'VectorSelector':
        return selected(node).flatMap(({ labels, points }) => {
          const last = points.findLast(({ at }) => at <= atMs && at > atMs - LOOK_BACK_MS)
          return last === undefined ? [] : [{ labels, value: last.value }]
        })
      case 'FunctionCall':
        return changes(child(node, 0).text, child(child(node, 1), 0))
      case 'AggregateExpr':
        return aggregated(node)
      case 'BinaryExpr':
        return combined(vectorOf(child(node, 0)), child(node, 1).name, rightOf(child(node, -1)))
      default:
        throw new Error(`${node.name} is not known here: ${node.text}`)
    }
  }

  function rightOf(node: Node): readonly Sample[] | number {
    return node.name === 'NumberDurationLiteral' ? Number(node.text) : vectorOf(node)
  }

  function selected(node: Node): readonly Series[] {
    const selector = selectorOf(node)
    return series.filter(({ labels }) => matches(labels, selector))
  }

  /** Of counters over a range, as `x[5m]`. */
  function changes(name: string, range: Node): readonly Sample[] {
    const rangeMs = durationMs(child(range, -1).text)
    const factor = { rate: 1_000, increase: rangeMs }[name]
    if (factor === undefined) throw new Error(`the function ${name} is not known here`)
    return selected(child(range, 0)).flatMap(({ labels, points }) => {
      const within = points.filter(({ at }) => at <= atMs && at > atMs - rangeMs)
      const [first, last] = [within[0], within.at(-1)]
      if (first === undefined || last === undefined || first === last) return []
      let gained = 0
      let before = first.value
      for (const { value } of within) {
        // one that falls began anew at 0
        gained += value < before ? value : value - before
        before = value
      }
      return [{ labels: unnamed(labels), value: (gained / (last.at - first.at)) * factor }]
    })
  }

  /** `sum(…)`, `min by (a) (…)` */
  function aggregated(node: Node): readonly Sample[] {
    const operator = child(node, 0).text
    const modifier = node.children.find(({ name }) => name === 'AggregateModifier')
    if (modifier !== undefined && child(modifier, 0).name !== 'By') throw new Error('only `by` is known here')
    const by = modifier === undefined ? [] : child(modifier, 1).children.map(({ text: label }) => label)
    const groups = Map.groupBy(vectorOf(child(child(node, -1), 0)), ({ labels }) => keyOf(labels, by))
    return [...groups.values()].map(members => {
      const values = members.map(({ value }) => value)
      const labels = Object.fromEntries(by.map(label => [label, members[0]?.labels[label] ?? '']))
      if (operator === 'sum') return { labels, value: values.reduce((sum, one) => sum + one, 0) }
      if (operator === 'min') return { labels, value: Math.min(...values) }
      throw new Error(`${operator} is not known here`)
    })
  }
}

function matches(labels: Labels, { metric, matchers }: Selector): boolean {
  if (labels['__name__'] !== metric) return false
  return matchers.every(({ label, operator, value }) => {
    const actual = labels[label] ?? ''
    if (operator === '=') return actual === value
    if (operator === '=~') return new RegExp(`^(?:${value})$`).test(actual)
    throw new Error(`${operator} is not known here`)
  })
}

function combined(left: readonly Sample[], operator: string, right: readonly Sample[] | number): readonly Sample[] {
  const others = typeof right === 'number' ? right : new Map(right.map(({ labels, value }) => [keyOf(labels), value]))
  if (operator === 'Or') {
    if (typeof right === 'number') throw new Error('`or` is of two vectors')
    const there = new Set(left.map(({ labels }) => keyOf(labels)))
    return [...left, ...right.filter(({ labels }) => !there.has(keyOf(labels)))]
  }
  return left.flatMap(sample => {
    const other = typeof others === 'number' ? others : others.get(keyOf(sample.labels))
    if (other === undefined) return []
    switch (operator) {
      case 'And':
        return [sample]
      case 'Gtr':
        return sample.value > other ? [sample] : []
      case 'Gte':
        return sample.value >= other ? [sample] : []
      case 'Lss':
        return sample.value < other ? [sample] : []
      case 'Eql':
        return sample.value === other ? [sample] : []
      case 'Div':
        return [{ labels: unnamed(sample.labels), value: sample.value / other }]
      default:
        throw new Error(`the operator ${operator} is not known here`)
    }
  })
}
