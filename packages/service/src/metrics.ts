import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

/** By label, all values that it can have: a flood of odd input makes no new series. */
export type Labels = Readonly<Record<string, readonly string[]>>

export type LabelValues<L extends Labels> = { readonly [K in keyof L]: L[K][number] }

export interface Metrics {
  readonly registry: Registry
  /** Every series is there from the start, at 0. */
  counter<const L extends Labels>(metric: {
    name: string
    help: string
    labels: L
  }): (labels: LabelValues<L>, count?: number) => void
  /** `buckets`: upper bounds, in the unit that the name ends with. */
  histogram<const L extends Labels>(metric: {
    name: string
    help: string
    labels: L
    buckets: readonly number[]
  }): (labels: LabelValues<L>, value: number) => void
  /** Read when somebody scrapes. */
  gauge(metric: { name: string; help: string; read: () => number }): void
  /** One for each of its label's values, read when somebody scrapes. */
  gaugeOf(metric: {
    name: string
    help: string
    label: string
    values: readonly string[]
    read: (value: string) => number
  }): void
}

/** A registry of its own with Node's default metrics. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  nodeMetrics(registry)
  const registers = [registry]
  return {
    registry,
    counter: ({ name, help, labels }) => {
      const counter = new Counter({ name, help, registers, labelNames: Object.keys(labels) })
      for (const values of combinations(labels)) counter.inc(values, 0)
      return (values, count = 1) => counter.inc(values, count)
    },
    histogram: ({ name, help, labels, buckets }) => {
      const labelNames = Object.keys(labels)
      const histogram = new Histogram({ name, help, registers, labelNames, buckets: [...buckets] })
      for (const values of combinations(labels)) histogram.zero(values)
      return (values, value) => histogram.observe(values, value)
    },
    gauge: ({ name, help, read }) => {
      const gauge = new Gauge({
        name,
        help,
        registers: [],
        collect() {
          this.set(read())
        },
      })
      registry.registerMetric(gauge)
    },
    gaugeOf: ({ name, help, label, values, read }) => {
      const gauge = new Gauge({
        name,
        help,
        registers: [],
        labelNames: [label],
        collect() {
          for (const value of values) this.set({ [label]: value }, read(value))
        },
      })
      registry.registerMetric(gauge)
    },
  }
}

const NEVER_MS = 2 ** 31 - 1
const SAMPLED_LAG = ['min', 'max', 'mean', 'stddev', 'p50', 'p90', 'p99'].map(
  of => `nodejs_eventloop_lag_${of}_seconds`,
)

/**
 * prom-client's, but without the lag that it samples by a timer of 10 ms: an idle process would wake up 100 times a second for it.
 * How busy the event loop is tells the same, and libuv counts it anyway.
 */
function nodeMetrics(registry: Registry): void {
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: NEVER_MS })
  for (const name of SAMPLED_LAG) registry.removeSingleMetric(name)
  let last = performance.eventLoopUtilization()
  const utilization = new Gauge({
    name: 'nodejs_eventloop_utilization_ratio',
    help: 'Share of the time that the event loop was busy, since it was asked for last.',
    registers: [],
    collect() {
      const now = performance.eventLoopUtilization()
      this.set(performance.eventLoopUtilization(now, last).utilization)
      last = now
    },
  })
  registry.registerMetric(utilization)
}

function combinations(labels: Labels): Record<string, string>[] {
  return Object.entries(labels).reduce<Record<string, string>[]>(
    (made, [label, values]) => made.flatMap(one => values.map(value => ({ ...one, [label]: value }))),
    [{}],
  )
}
